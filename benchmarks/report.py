"""The numbers of speed.json as Markdown tables."""

from typing import Any


def table(rows: list[dict[str, Any]]) -> str:
    """One row for each dictionary; the columns are the keys of all of them, in the order of their coming."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [columns, ["---"] * len(columns), *([row.get(key, "") for key in columns] for row in rows)]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def markdown(speed: dict[str, Any]) -> str:
    """All parts that were measured, each under its heading."""
    parts = {
        "The machine": [speed["machine"]], "A step against its rivals, ours / theirs": steps(speed.get("steps", [])),
        "From the first version to ours": waterfall(speed.get("waterfall")), "Profile of the first version": speed.get("profile"),
        **roofline(speed.get("roofline")), "Float types, milliseconds": speed.get("dtype"),
        "Threads, milliseconds a step": speed.get("threads"), "Growth and memory": speed.get("scaling"),
        "An epoch": [speed["epoch"]] if "epoch" in speed else None, "Sampling": speed.get("sampling"),
        "Scoring the corpus": [speed["scoring"]] if "scoring" in speed else None,
        "Imports": speed.get("imports"), "Commands": speed.get("commands"),
    }  # fmt: skip
    head = f"# Measurements\n\nWritten by `run.py`; nothing in a test depends on them. {speed['method']}\n"
    if speed["machine"]["torch"] is None:
        head += "\n**PyTorch was not installed in the last run: its rows are missing or older.**\n"
    return head + "".join(f"\n## {title}\n\n{table(rows)}\n" for title, rows in parts.items() if rows)


def steps(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ratio to each rival, in brackets the lowest and the highest of the runs."""
    out = []
    for row in rows:
        line = {"batch, D, H": f"{row['batch']}, {row['D']}, {row['H']}"}
        line |= {f"rows {kind}": f"{mean:.0f}" for kind, mean in row["rows"].items()} | {"ours, ms": row["ours_ms"]}
        for name, rival in row["rivals"].items():
            line[name] = f"{rival['ratio']} ({min(rival['runs'])} to {max(rival['runs'])}), {rival['ms']} ms"
        out.append(line)
    return out


def waterfall(found: dict[str, Any] | None) -> list[dict[str, Any]] | None:
    if not found:
        return None
    pairs = zip(found["rungs"], found["page_faults"], strict=True)
    return [
        *(rung | {"page faults a step": faults} for rung, faults in pairs),
        {"name": "bare products of the last", "ms": found["products_ms"]},
    ]


def roofline(found: dict[str, Any] | None) -> dict[str, list[dict[str, Any]]]:
    if not found:
        return {}
    limits = {key: found[key] for key in ("peak_gflops", "bandwidth_gb_s", "step_gflops") if key in found}
    return {
        "Products (rows, 256) @ (256, 1024)": found["product_gflops"],
        "Limits, and the work of a step": [limits | found.get("work", {})],
    }
