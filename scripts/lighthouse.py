"""Measure the built book with Lighthouse, as a phone and as a desk see it, and compare with what is promised.

Usage: python scripts/lighthouse.py [--runs N] [--pages PATH ...]

Needs Node (its npx fetches the pinned Lighthouse) and Chromium. Each number is the median of some runs: on a machine
that is busy with something else, the speed of a page is not the page's. A phone's scores are estimated from a fast
visit, as Lighthouse does by itself. Its first paint is not: the estimate for one page is 1 or 2 seconds, as fonts
happen to come before or after it. It is measured on a connection that is really slowed, to the same slow 4G.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

from headless import path_of_browser

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
LIGHTHOUSE = "lighthouse@12.8.2"
# ThrottleUndrawnFrames: a headless Chromium looks once a second for the first frame; even a line of plain words then
# takes 0.5 s in four visits and 2.4 s in the fifth.
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-features=ThrottleUndrawnFrames"
)
VIEWS = {
    "phone": (),
    "desk": ("--preset=desktop",),
    "slowed phone": ("--throttling-method=devtools", "--throttling.requestLatencyMs=150",
                     "--throttling.downloadThroughputKbps=1638.4"),
}  # fmt: skip
START, CHAPTER = {"phone": 95, "desk": 100}, {"phone": 85, "desk": 98}  # the least performance, out of 100
PAGES = {
    "book/index.html": START,
    "notebooks/07-derive-every-gradient.html": CHAPTER,
    "notebooks/13-start-well-watch-well.html": CHAPTER,
    "book/glossary.html": CHAPTER,
    "search.html": CHAPTER,
}
FIRST_PAINT, SHIFT = 1.5, 0.02  # seconds; share of the window that jumps
ROW = (
    "{:<56} {performance:5.0f} {accessibility:5.0f} {practices:5.0f}"
    " {paint:7.2f} {largest:7.2f} {blocked:7.0f} {shift:7.3f} {KB:6.0f}"
)
NUMBERS = ("performance", "accessibility", "practices", "paint", "largest", "blocked", "shift", "KB")


class Compressed(SimpleHTTPRequestHandler):
    """Serves text compressed and to be kept for a while, as the hosts of static pages do."""

    protocol_version = "HTTP/1.1"  # one connection serves several files

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind = self.guess_type(str(path))
        body, packed = path.read_bytes(), not kind.startswith(("image/png", "font/"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if packed:
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def numbers_of(report: dict) -> dict[str, float]:
    """What the table shows of one report: scores out of 100, seconds, milliseconds, kilobytes."""
    audits, scores = report["audits"], report["categories"]

    def value(name: str) -> float:
        return float(audits[name]["numericValue"])

    return {
        "performance": 100 * scores["performance"]["score"],
        "accessibility": 100 * scores["accessibility"]["score"],
        "practices": 100 * scores["best-practices"]["score"],
        "paint": value("first-contentful-paint") / 1000,
        "largest": value("largest-contentful-paint") / 1000,
        "blocked": value("total-blocking-time"),
        "shift": value("cumulative-layout-shift"),
        "KB": value("total-byte-weight") / 1024,
    }


def run_once(address: str, *, view: str, browser: str) -> dict[str, float]:
    """One visit of Lighthouse."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={output}",
                   "--only-categories=performance,accessibility,best-practices", f"--chrome-flags={FLAGS}",
                   *VIEWS[view]]  # fmt: skip
        subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": browser}, cwd=ROOT)
        return numbers_of(json.loads(output.read_text(encoding="utf-8")))


def problems_of(numbers: dict[str, float], view: str, least: int) -> list[str]:
    """Where a page stays below what is promised."""
    found = [f"performance below {least}"] if numbers["performance"] < least else []
    found += [f"{name} below 100" for name in ("accessibility", "practices") if numbers[name] < 100]
    late = view != "phone" and numbers["paint"] > FIRST_PAINT
    found += [f"first paint after {FIRST_PAINT} s"] if late else []
    return found + ([f"layout shift over {SHIFT}"] if numbers["shift"] > SHIFT else [])


def measure(home: str, page: str, *, view: str, runs: int, browser: str) -> list[str]:
    """Print one row of the table; the problems of its medians."""
    visits = [run_once(home + page, view=view, browser=browser) for _ in range(runs)]
    middle = {name: median(visit[name] for visit in visits) for name in NUMBERS}
    print(ROW.format(f"{page} ({view})", **middle), flush=True)
    least = PAGES.get(page, CHAPTER).get(view, 0)
    return [f"{page} ({view}): {problem}" for problem in problems_of(middle, view, least)]


def main() -> None:
    """Serve the site, measure each page in each view, and fail when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pages", nargs="+", default=list(PAGES))
    options = parser.parse_args()
    browser = path_of_browser()
    if not browser or not shutil.which("npx"):
        sys.exit("Lighthouse needs Node (npx) and Chromium on the PATH")
    if not (SITE / "book" / "index.html").is_file():
        sys.exit("the book is not built; run `make book`")
    print(f"{'page':<56} perf. acce. prac. paint/s large/s block/ms  shift     KB")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressed, directory=str(SITE))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        home = f"http://127.0.0.1:{server.server_port}/"
        problems = [
            problem
            for page in options.pages
            for view in VIEWS
            for problem in measure(home, page, view=view, runs=options.runs, browser=browser)
        ]
        server.shutdown()
    print("load of this machine:", *(f"{load:.1f}" for load in os.getloadavg()))
    sys.exit("\n".join(problems) or None)


if __name__ == "__main__":
    main()
