"""The facts on disk: build, change, open. The store's version is every cache's key."""

from openpractice.store.account import Account, Refusal
from openpractice.store.facts import Facts
from openpractice.store.loading import files_in
from openpractice.store.store import STRUCTURE, Change, Store, writing

__all__ = ["STRUCTURE", "Account", "Change", "Facts", "Refusal", "Store", "files_in", "writing"]
