"""Who shares with whom: each agreement as it stands between one who gives and one who receives."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from openpractice.render import words
from openpractice.web.agreements.decide import not_in_force
from openpractice.web.agreements.models import Agreement
from openpractice.web.agreements.terms import EVERYTHING, Granularity, Purpose
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import ROLES

BEFORE_REVIEW = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Share:
    """What one organisation shares with another by one agreement, or why it does not."""

    agreement: Agreement
    owner: Organisation
    reader: Organisation
    stands_in_the_way: tuple[str, ...]

    @property
    def in_force(self) -> bool:
        return not self.stands_in_the_way

    @property
    def purpose(self) -> Purpose:
        return Purpose(self.agreement.purpose)

    @property
    def granularity(self) -> Granularity:
        return Granularity(self.agreement.granularity)

    @property
    def roles(self) -> list[str]:
        """The titles of the roles that may see it."""
        return [ROLES[name].title for name in self.agreement.roles if name in ROLES]

    @property
    def topics(self) -> list[str]:
        return ["Everything that is measured"] if EVERYTHING in self.agreement.topics else list(self.agreement.topics)

    def covers(self, topic: str) -> bool:
        return topic in self.agreement.topics or EVERYTHING in self.agreement.topics


def waits_for(agreement: Agreement, organisation: Organisation) -> str:
    """What an agreement waits for from one of its parties, in a sentence; nothing when it waits for nothing."""
    today, party = timezone.localdate(), next(p for p in agreement.parties.all() if p.organisation == organisation)
    if today > agreement.ends:
        return ""
    if not party.statements.all():
        return "It waits for your signature."
    if not party.stands or today < agreement.review - BEFORE_REVIEW:
        return ""
    due = "is due on" if today <= agreement.review else "was due on"
    return f"Its review {due} {words.period(agreement.review)}. Does it still serve? If so, propose it anew; if not, withdraw."


def shared_by(owner: Organisation) -> list[Share]:
    """Everything that an organisation's agreements say of its own data, the newest agreement first."""
    return [share for share in _shares(owner) if share.owner == owner]


def shared_with(reader: Organisation) -> list[Share]:
    """Everything that agreements say of others' data and this organisation, by the name of whose data they are."""
    found = [share for share in _shares(reader) if share.reader == reader]
    return sorted(found, key=lambda share: (share.owner.name, -share.agreement.pk))


def _shares(organisation: Organisation) -> Iterator[Share]:
    today = timezone.localdate()
    agreements = Agreement.objects.filter(parties__organisation=organisation).distinct()
    for agreement in agreements.prefetch_related("parties__statements", "parties__organisation"):
        parties = list(agreement.parties.all())
        for giving in (p.organisation for p in parties if p.gives):
            for receiving in (p.organisation for p in parties if p.receives):
                if giving != receiving:
                    why = tuple(not_in_force(agreement, giving, receiving, today))
                    yield Share(agreement, giving, receiving, why)
