"""Where measures run: duckdb (default), polars, and plain, the slow and obvious reference."""

from openpractice.engines.declare import ENGINES, Engine, Sums, engine

__all__ = ["ENGINES", "Engine", "Sums", "engine"]
