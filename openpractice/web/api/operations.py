"""Every operation there is. Importing a module offers what it holds; the order here is the order of the documentation."""

from openpractice.web.api import areas, measures, results, comparison, whoami, agreed, uploads  # noqa: F401, I001
from openpractice.web.api.offered import api

__all__ = ["api"]
