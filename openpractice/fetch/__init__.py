"""Downloads current publications from their official pages: which ones, where, and how a link is found."""

from openpractice.fetch.known import Publication, chosen, publications
from openpractice.fetch.visit import Downloaded, download

__all__ = ["Downloaded", "Publication", "chosen", "download", "publications"]
