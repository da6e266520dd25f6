"""What a demonstration holds when its server has started. Each part is made once, and found there at later starts."""

from openpractice.web.accounts.demonstration import is_demo
from openpractice.web.config.seeing import across
from openpractice.web.demo.agreements import agreements
from openpractice.web.demo.own import books, sharing
from openpractice.web.demo.people import BOARD, NETWORK, PRACTICE, SECOND_PRACTICE, people


@across()
def begin() -> None:
    """At the start of a server: everything is there, when this is a demonstration."""
    if not is_demo():
        return
    people()
    agreements(PRACTICE, NETWORK, BOARD)
    sharing(PRACTICE, SECOND_PRACTICE, NETWORK, BOARD)
    books(PRACTICE, SECOND_PRACTICE)
