"""Downloads current publications from their official pages: which ones, where, and how a link is found."""

from openpractice.fetch.download import Downloaded, download
from openpractice.fetch.publications import Publication, publications

__all__ = ["Downloaded", "Publication", "download", "publications"]
