"""`python -m bench [names …] [--write]`: every benchmark, ours beside its peer; ends with 1 when a target is missed."""

from __future__ import annotations

import argparse
import datetime
import importlib
import os
import pkgutil
import platform
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import bench

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PACKAGES = ("duckdb", "numpy", "pandas", "scikit-learn", "django")
INTRODUCTION = """# Benchmarks

`make bench` writes this page. Ours and its peer take turns in one run. Pages show medians; everything else
is given its best time, so that a busy machine favours neither. Some peers are timed on less than ours and scaled; their
names say so. Seconds of processor time stand in brackets where they were taken. What each row
does, and what the peer is, stands at the head of its module in `bench/`.
"""


def registry() -> dict[str, Callable[[], list[dict]]]:
    """Every module of this folder that has a `run`, by name."""
    names = sorted(info.name for info in pkgutil.iter_modules(bench.__path__) if not info.name.startswith("_"))
    modules = {name: importlib.import_module(f"bench.{name}") for name in names}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def met(row: dict) -> bool | None:
    """Whether a row reached its target, None without one. A unit that says "at most" is better when smaller."""
    if row["target"] is None:
        return None
    return row["ratio"] <= row["target"] if "at most" in row["unit"] else row["ratio"] >= row["target"]


def table(rows: Iterable[dict]) -> str:
    """The rows as Markdown, which a terminal shows well enough too."""
    lines = ["| What | Ours | Peer | Ratio | Target | Met |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for row in rows:
        ratio = f"{row['ratio']:.2f} {row['unit']}" if row["ratio"] is not None else ""
        target = "" if row["target"] is None else f"{row['target']:.3g}"
        word = {True: "yes", False: "**no**", None: ""}[met(row)]
        ours, peer = _time(row, "ours"), _time(row, "peer")
        lines.append(f"| {row['name']} | {ours} | {peer} | {ratio} | {target} | {word} |")
    return "\n".join(lines)


def _time(row: dict, who: str) -> str:
    seconds, cpu = row[f"{who}_seconds"], row.get(f"{who}_cpu")
    if seconds is None:
        return ""
    return _seconds(seconds) + (f" ({_seconds(cpu)})" if cpu is not None else "")


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def machine() -> str:
    """The machine in general words: enough to judge the times by, nothing that names it."""
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return (
        f"Measured on {datetime.date.today():%-d %B %Y} with {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of "
        f"memory; Python {platform.python_version()}, {packages}. Load average over 1, 5 and 15 minutes: {load}."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def page(rows: list[dict]) -> str:
    missed = [row["name"] for row in rows if met(row) is False]
    verdict = (
        "Missed on this run:\n\n" + "\n".join(f"- {name}" for name in missed) if missed else "Every target was met."
    )
    return "\n".join([INTRODUCTION, machine(), "", table(rows), "", verdict, ""])


def main(arguments: list[str] | None = None) -> int:
    found = registry()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(found)} (all when none is named)")
    parser.add_argument("--write", action="store_true", help=f"also write {PAGE.name}")
    asked = parser.parse_args(arguments)
    if strange := sorted(set(asked.names) - set(found)):
        parser.error(f"there is no benchmark {', '.join(strange)}; choose from {', '.join(found)}")
    if asked.write and asked.names:
        parser.error("--write writes the page of every benchmark; name none")
    rows = []
    for name in asked.names or found:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += found[name]()
    print(table(rows))
    if asked.write:
        PAGE.write_text(page(rows), encoding="utf-8")
    missed = [row["name"] for row in rows if met(row) is False]
    for name in missed:
        print(f"Missed: {name}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
