"""What we count: declarations only, one module per topic, found by `catalogue()`."""

from openpractice.measures.declare import TOPICS, catalogue, find

__all__ = ["TOPICS", "catalogue", "find"]
