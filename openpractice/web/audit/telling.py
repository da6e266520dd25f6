"""Entries of the record as sentences: "Dr Wren invited somebody as clinician, acting for Queens Park"."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.timezone import localtime

from openpractice.analysis.wording import lower_first
from openpractice.render import words
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.models import Organisation
from openpractice.web.organisations.roles import ROLES

NOBODY = "this installation"  # for whom somebody acts who acts for no organisation
# Where the action's own name does not say it all. A phrase that names {about} needs no "about …" at the end.
_PHRASES = {
    Action.SWITCHED: "began to act for {about}",
    Action.ORGANISATION_ADDED: "added {about} to this installation",
    Action.ORGANISATION_CLOSED: "closed {about}",
    Action.INVITED: "invited somebody as {role}",
    Action.JOINED: "joined as {role}",
    Action.ROLE_CHANGED: "changed the role of {person} from {before} to {role}",
    Action.REMOVED: "ended the membership of {person}",
    Action.HANDED_OVER: "handed the role of {role} over to {person}",
    Action.SECOND_FACTOR_RULE: "said that the role of {role} {must} sign in with a second factor",
    Action.PERSON_DEACTIVATED: "deactivated {person}",
    Action.PERSON_ACTIVATED: "let {person} sign in again",
    Action.SECOND_FACTORS_TAKEN: "took away the second factors of {person}",
    Action.UPLOAD_ARRIVED: "uploaded file {what}",
    Action.UPLOAD_LOADED: "loaded uploaded file {what}, {kept}",
    Action.UPLOAD_REFUSED: "refused uploaded file {what}",
    Action.UPLOAD_FAILED: "could not read uploaded file {what}",
    Action.UPLOAD_CANCELLED: "cancelled uploaded file {what}",
    Action.UPLOAD_AGAIN: "had uploaded file {what} read again",
    Action.RECORD_EXPORTED: "exported {entries} of the record",
    Action.EMERGENCY_OPENED: "opened the figures of {about} in an emergency, for {hours}",
    Action.EMERGENCY_ENDED: "ended the opening of the figures of {about} in an emergency",
    Action.EMERGENCY_REVIEWED: "reviewed the opening of the figures of {about} in an emergency: {outcome}",
    Action.SHARED_READ: "read figures of {about} for {purpose}: {what}",
    Action.SHARED_EXPORTED: "exported figures of {about} for {purpose}: {what}",
    Action.SHARED_RECORDS: "exported pseudonymised records of {about} for {purpose}: {what}",
    Action.SHARED_WATCHED: "kept figures of {about} open for {purpose}: {what}",
    Action.SHARED_CLOSED: "had the figures of {about} closed while they were open: {why}",
    Action.SHARED_REFUSED: "was refused data of {about} for {purpose}: {what}",
    Action.REIDENTIFIED: "found out whose record {pseudonym} is: {why}",
    Action.NOT_REIDENTIFIED: "looked for the patient {pseudonym}, which is not known: {why}",
    Action.KEEPING_CHANGED: "said that own data are kept for {months}",
    Action.KEPT_LONG_ENOUGH_BEGUN: "began to delete {rows} of {about} from before {why}, which were kept long enough",
    Action.KEPT_LONG_ENOUGH: "deleted {rows} of {about} from before {why}, which were kept long enough",
    Action.OWN_DATA_DELETION_BEGUN: "began to delete all own data of {about}",
    Action.OWN_DATA_DELETED: "deleted all own data of {about}",
}
_LABELS = dict(Action.choices)
_APPOINTED = "made {person} {role}"  # a joining that somebody else wrote


@dataclass(frozen=True)
class Told:
    """An entry for a reader: its day and time here, and what happened."""

    number: int
    day: str
    time: str
    sentence: str


@dataclass(frozen=True)
class Names:
    """What people and organisations are called today. One that is gone is called by its number or code."""

    people: Mapping[int, str]
    organisations: Mapping[str, str]

    def person(self, number: Any) -> str:
        return self.people.get(number) or (f"person {number}" if number else "somebody")

    def organisation(self, code: str) -> str:
        return self.organisations.get(code, code) or NOBODY


def names(people: Iterable[Any], codes: Iterable[str]) -> Names:
    """Look up what some people and organisations are called, in two questions."""
    numbers = {number for number in people if isinstance(number, int)}
    found = get_user_model().objects.in_bulk(numbers) if numbers else {}
    places = Organisation.objects.filter(code__in=set(codes) - {""}).values_list("code", "name")
    return Names({number: str(person) for number, person in found.items()}, dict(places))


def names_in(entries: Iterable[Entry]) -> Names:
    """The names of everybody and everything that some entries speak of."""
    entries = list(entries)
    people = [json.loads(entry.detail).get("person") for entry in entries]
    return names(people, [code for entry in entries for code in (entry.about, entry.acting_for)])


def tell(entries: Iterable[Entry]) -> list[Told]:
    """Entries as a reader sees them, in the order given."""
    entries = list(entries)
    called = names_in(entries)
    return [Told(entry.number, *_moment(entry.at), sentence(entry, called)) for entry in entries]


def sentence(entry: Entry, called: Names) -> str:
    """What happened, who did it, for whom and about whom."""
    detail = json.loads(entry.detail)
    phrase = _phrase(entry, detail)
    about = called.organisation(entry.about)
    did = phrase.format(
        about=about,
        person=called.person(detail.get("person")),
        role=_role(detail.get("role")),
        before=_role(detail.get("before")),
        must="must" if detail.get("required") == "yes" else "need not",
        entries=words.plural(detail.get("count") or 0, "entry", "entries"),
        hours=words.plural(detail.get("hours") or 0, "hour"),
        months=words.plural(detail.get("months") or 0, "month"),
        kept=f"of which {words.plural(detail.get('kept') or 0, 'row')} were kept",
        rows=words.plural(detail.get("rows") or 0, "row"),
        purpose=str(detail.get("purpose") or "no purpose").replace("_", " "),
        **{name: str(detail.get(name) or "") for name in ("outcome", "pseudonym", "what", "why")},
    )
    said = f"{entry.who[:1].upper()}{entry.who[1:]} {did}"
    if entry.acting_for and not (entry.acting_for == entry.about and "{about}" in phrase):
        said += f", acting for {called.organisation(entry.acting_for)}"
    if entry.about and entry.about != entry.acting_for and "{about}" not in phrase:
        said += f", about {about}"
    return said


def _phrase(entry: Entry, detail: Mapping[str, Any]) -> str:
    if entry.action == Action.JOINED and detail.get("person") != entry.person:
        return _APPOINTED
    return _PHRASES.get(entry.action) or lower_first(doing(entry.action))  # type: ignore[call-overload]


def doing(action: str) -> str:
    """The name of an action, such as "Read the record"; of one that this edition does not know, its bare word."""
    return _LABELS.get(action) or action.replace("_", " ").capitalize()


def _role(name: Any) -> str:
    return lower_first(ROLES[name].title) if name in ROLES else str(name or "member")


def _moment(at: str) -> tuple[str, str]:
    """The day and time here. Text that is no moment, because somebody changed it, is shown as it stands."""
    try:
        moment = localtime(datetime.datetime.fromisoformat(at))
    except ValueError:
        return at, ""
    return words.period(moment.date()), f"{moment:%H:%M}"
