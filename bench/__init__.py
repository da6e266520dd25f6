"""Benchmarks: ours beside a peer, in one process, in turns. `python -m bench` runs them all."""
