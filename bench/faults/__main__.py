"""The command: how long, on which database, or how many strange files; and whether the page is written."""

from __future__ import annotations

import argparse
import sys

from bench import faults
from bench.faults import page, trial


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=faults.__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long to kill (10)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--fuzz", type=int, metavar="FILES", help="bring so many strange files instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write the result into {page.PAGE.name}")
    asked = parser.parse_args(arguments)
    if asked.fuzz:
        from bench.faults import fuzz

        name, line, lost = page.of_fuzz(fuzz.run(asked.fuzz, asked.seed))
    else:
        name, line, lost = page.of_trial(trial.run(asked.database, asked.minutes * 60, asked.seed))
    print(line)
    for what in lost:
        print(f"WRONG: {what}", file=sys.stderr)
    if asked.write:
        page.write(name, line)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
