"""Narrowing the record down: from and to a day, by a person, an action, another organisation; fifty at a time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.timezone import make_aware

from openpractice.web.audit.models import Entry
from openpractice.web.audit.telling import doing, names

SIZE = 50
FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2999, 12, 31)
_A_DAY = "Write the {} day as day, month and year, for example 27/3/2026."


def _day(label: str, which: str) -> forms.DateField:
    wrong = _A_DAY.format(which)
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": wrong},
        validators=[MinValueValidator(FIRST, wrong), MaxValueValidator(LAST, wrong)],
    )


def _choice(label: str, wrong: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, error_messages={"invalid_choice": wrong})


class Narrow(forms.Form):
    """What a reader asks for. The choices are what the organisation's own record holds, and so nothing else can be."""

    since = _day("From", "first")
    until = _day("To", "last")
    person = _choice("Who", "Choose a person from the list.")
    action = _choice("What", "Choose an action from the list.")
    other = _choice("Other organisation", "Choose an organisation from the list.")

    def __init__(self, entries: QuerySet[Entry], code: str, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in _choices(entries, code).items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        since, until = asked.get("since"), asked.get("until")
        if since and until and since > until:
            self.add_error("since", "The first day comes after the last. Exchange them.")
        return asked

    def narrowed(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Those of the entries that are asked for; none where the question is wrong."""
        if not self.is_valid():
            return entries.none()
        asked = self.cleaned_data
        if asked["since"]:
            entries = entries.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            entries = entries.filter(at__lt=_midnight(asked["until"] + datetime.timedelta(days=1)))
        if asked["person"]:
            entries = entries.filter(person=asked["person"])
        if asked["action"]:
            entries = entries.filter(action=asked["action"])
        if asked["other"]:
            entries = entries.filter(Q(about=asked["other"]) | Q(acting_for=asked["other"]))
        return entries


def _choices(entries: QuerySet[Entry], code: str) -> dict[str, list[tuple[str, str]]]:
    """The people, actions and other organisations that some entries speak of, each by its name today."""
    found = set(entries.order_by().values_list("person", "acting_for", "about", "action").distinct())
    people = {person for person, *_ in found if person is not None}
    others = {each for _, acting_for, about, _ in found for each in (acting_for, about)} - {code, ""}
    called = names(people, others)
    return {
        "person": [("", "Everybody"), *_by_name((str(one), called.person(one)) for one in people)],
        "action": [("", "Everything"), *_by_name((one, doing(one)) for one in {action for *_, action in found})],
        "other": [("", "Any"), *_by_name((one, called.organisation(one)) for one in others)],
    }


def _by_name(choices) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: choice[1].casefold())


def _midnight(day: datetime.date) -> str:
    """The beginning of a day here, as entries write their moments."""
    start = make_aware(datetime.datetime.combine(day, datetime.time()))
    return start.astimezone(datetime.UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Piece:
    """Some entries, the newest first, and the numbers that lead to those before and after them."""

    entries: list[Entry]
    newer: int | None = None  # entries after this number are the next newer ones
    older: int | None = None


def piece(entries: QuerySet[Entry], *, before: str = "", after: str = "") -> Piece:
    """The newest fifty; those before a number; or those after one. A word that is no number is left out."""
    if start := _number(after):
        some = list(entries.filter(number__gt=start).order_by("number")[: SIZE + 1])
        more, shown = len(some) > SIZE, some[:SIZE][::-1]
        if shown:
            return Piece(shown, shown[0].number if more else None, _older(entries, shown))
    if end := _number(before):
        some = list(entries.filter(number__lt=end)[:SIZE])
        if some:
            newer = entries.filter(number__gt=some[0].number).exists()
            return Piece(some, some[0].number if newer else None, _older(entries, some))
    some = list(entries[:SIZE])
    return Piece(some, None, _older(entries, some))


def _older(entries: QuerySet[Entry], shown: list[Entry]) -> int | None:
    return shown[-1].number if shown and entries.filter(number__lt=shown[-1].number).exists() else None


def _number(text: str) -> int | None:
    """A number that the database can hold."""
    return int(text) if text.isdecimal() and len(text) < 19 else None
