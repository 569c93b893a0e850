"""The numbers of speed.json as Markdown tables."""

from typing import Any

Rows = list[dict[str, Any]]
TITLES = {
    "machine": "The machine",
    "steps": "A step: ours / theirs, and in brackets the lowest and the highest of the runs",
    "dense": "A step with nothing to leave out: ours / PyTorch",
    "waterfall": "From the first version to ours",
    "spread": "What each rung saves of the one before: quartiles over the rounds, a line for each process",
    "profile": "Profile of the first version",
    "products": "Products (rows, 256) @ (256, 1024)",
    "roofline": "Limits of the machine, work of a step",
    "dtype": "Float types",
    "threads": "Threads, milliseconds a step",
    "kept": "Freed memory handed back, or kept: PyTorch's padded step by its batch, and the list of gradients",
    "scaling": "Growth and memory",
    "epoch": "An epoch",
    "sampling": "Sampling",
    "scoring": "Scoring the corpus",
    "imports": "Imports",
    "autograd": "The gradient derived by a program, and the hand-written one",
    "commands": "Commands",
}


def markdown(speed: dict[str, Any]) -> str:
    """All parts that were measured, each under its title."""
    parts = {key: value if isinstance(value, list) else [value] for key, value in speed.items()}
    if "steps" in speed:
        parts["steps"] = [step(row) for row in speed["steps"]]
    if "waterfall" in speed:
        parts["waterfall"] = waterfall(speed["waterfall"])
    for part in ("spread", "kept", "autograd"):
        if part in speed:
            parts[part] = [{"processor": speed[part]["processor"]} | row for row in speed[part]["runs"]]
    if "roofline" in speed:
        limits = dict(speed["roofline"])
        parts["products"], parts["roofline"] = limits.pop("product_gflops"), [limits | limits.pop("work")]
    head = f"# Measurements\n\nWritten by `run.py`; no test depends on them. {speed['method']}\n"
    if speed["machine"]["torch"] is None:
        head += "\n**PyTorch was not installed: no comparison with it here.**\n"
    return head + "".join(f"\n## {title}\n\n{table(parts[key])}" for key, title in TITLES.items() if key in parts)


def table(rows: Rows) -> str:
    """A line for each row; the columns are all keys, in the order of their coming."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [columns, ["---"] * len(columns), *([row.get(key, "") for key in columns] for row in rows)]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def step(row: dict[str, Any]) -> dict[str, Any]:
    cells = {"batch, D, H": f"{row['batch']}, {row['D']}, {row['H']}"}
    cells |= {f"{kind} rows": f"{mean:.0f}" for kind, mean in row["rows"].items()} | {
        "ours, ms": f"{row['ours_ms']:.2f}"
    }
    for name, rival in row["rivals"].items():
        low, high = min(rival["runs"]), max(rival["runs"])
        cells[name] = f"**{rival['ratio']:.2f}** ({low:.2f} to {high:.2f}), {rival['ms']:.2f} ms"
    return cells


def waterfall(found: dict[str, Any]) -> Rows:
    pairs = zip(found["rungs"], found["page_faults"], strict=True)
    rows = [rung | {"page faults a step": faults} for rung, faults in pairs]
    return [*rows, {"name": "bare products of the last rung", "ms": found["products_ms"]}]
