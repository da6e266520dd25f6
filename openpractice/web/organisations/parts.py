"""Where somebody can go from here: the parts of the site that their role opens, each with the question it answers."""

from __future__ import annotations

from typing import NamedTuple

from openpractice.web.organisations.acting import Acting
from openpractice.web.organisations.roles import Permission as P


class Part(NamedTuple):
    """A part of the site: its name, what one does there, its address by name, and who it is for: any of these."""

    title: str
    meaning: str
    address: str
    needs: tuple[P, ...]


PARTS = (
    Part("Your own data", "Figures from your own appointment book, who else may see them, and your key.", "own", (P.SEE_OWN,)),
    Part("Uploads", "Bring a file, and see which of its rows were kept.", "uploads", (P.UPLOAD, P.UPLOAD_PUBLISHED)),
    Part("Shared with you", "What other organisations agreed to show you.", "shared", (P.SEE_SHARED,)),
    Part("Agreements", "What is shared, with whom and why. Propose, sign, withdraw.", "agreements", (P.SEE_AGREEMENTS,)),
    Part("Emergencies", "Figures opened without an agreement, and their review.", "emergencies", (P.OPEN_IN_EMERGENCY, P.REVIEW_EMERGENCIES)),
    Part("Who looked", "Who used your data, and for what, without names.", "who_looked", (P.READ_SUMMARY,)),
    Part("The record", "Everything that was done, who did it and when.", "record", (P.READ_RECORD,)),
    Part("People", "Who acts here, in which role. Invite somebody.", "people", (P.SEE_PEOPLE,)),
    Part("Tokens", "Keys with which programs act for you.", "tokens", (P.MANAGE_TOKENS,)),
    Part("Organisations", "Who takes part in this installation.", "organisations", (P.MANAGE_ORGANISATIONS,)),
)  # fmt: skip


def parts(now: Acting) -> list[Part]:
    """The parts that are open to somebody where they act now."""
    return [part for part in PARTS if any(now.may(one) for one in part.needs)]
