"""Faults on purpose: processes are killed while people work, and files that are not what they say they are.

`python -m bench.faults --minutes 10 --database postgresql` kills; `python -m bench.faults --fuzz 10000` brings such
files. Both print what they found and leave with 1 when anything was lost; with `--write` it goes into docs/durability.md.
"""
