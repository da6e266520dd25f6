"""What we read: one module per published file format, found by `catalogue()`."""

from openpractice.sources.declare import catalogue

__all__ = ["catalogue"]
