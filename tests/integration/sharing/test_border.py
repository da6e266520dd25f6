"""The border: who gets what of whose own data, and how small numbers look on the other side."""

from __future__ import annotations

import csv
import datetime
import itertools

import pytest

from openpractice.kinds import Refused
from openpractice.methods import disclosure
from openpractice.web.agreements.terms import Granularity, Purpose
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.actions import remove
from openpractice.web.organisations.roles import ROLES, Kind, Permission, offered
from openpractice.web.sharing import border
from openpractice.web.sharing.border import BY_ROLE, NotShared
from tests.integration.own.books import GP, NURSE, PHARMACIST, USUAL, load
from tests.integration.sharing.conftest import COMMISSIONING, EVALUATION, TOPIC, acting, agree, withdraw

DNA = "book_dna_share"


def lines(shared, measure: str = DNA) -> dict[tuple[str, str], object]:
    return {(ln.period, ln.group): ln for f in shared.figures if f.measure.name == measure for ln in f.lines}


def read(now, owner, purpose=EVALUATION, **more):
    return border.figures(now, owner, purpose, topic=TOPIC, **more)


def rows_of(now, owner, purpose=EVALUATION) -> list[dict]:
    with border.records(now, owner, purpose, topic=TOPIC) as found:
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


# Who × whose × how fine. A role is asked at an organisation of each kind that has it.
STATES = ("own", "agreed", "withdrawn", "unrelated")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_each_role_gets_what_the_agreement_and_the_role_allow(state, role, practice, member):
    """Records are the finest, so an agreement on records allows all three; the agreement names every role."""
    kinds = ROLES[role].kinds
    if state == "own":
        if Kind.PRACTICE not in kinds:
            pytest.skip("no role of a practice")
        reader = member(role, "Y99001")
    else:
        reader = member(role, "Z99001")
    signs = _who_signs(reader)
    if state in ("agreed", "withdrawn"):
        if signs is None:
            pytest.skip("nobody there can sign an agreement")
        agreement = agree(practice, member(signs, "Z99001"), granularity=Granularity.RECORD, roles=list(ROLES))
        if state == "withdrawn":
            withdraw(agreement, practice)
    now, owner = acting(reader), practice.organisation
    may = ROLES[role].may
    figures = may(Permission.SEE_OWN) if state == "own" else may(Permission.SEE_SHARED) and state == "agreed"
    records = (
        may(Permission.UPLOAD) or may(Permission.REIDENTIFY)
        if state == "own"
        else may(Permission.SEE_SHARED) and state == "agreed"
    )
    assert allowed(lambda: read(now, owner)) == figures
    assert allowed(lambda: read(now, owner, by=BY_ROLE)) == figures
    assert allowed(lambda: rows_of(now, owner)) == records
    assert border.answer(now, owner, EVALUATION, TOPIC, Granularity.AGGREGATE).allowed == figures  # the open page's


def _who_signs(reader) -> str | None:
    """The role that answers for an organisation's data."""
    return next((r.name for r in offered(reader.organisation.kind) if r.may(Permission.SIGN_AGREEMENTS)), None)


def allowed(ask) -> bool:
    try:
        return bool(ask())
    except NotShared as why:
        return not why.reasons  # a refusal always says why


def test_own_people_see_every_count_as_it_is(practice):
    found = lines(read(acting(practice), practice.organisation, None))
    one = found["2026-01", ""]
    assert (one.numerator, one.denominator) == (25, 145)
    by = lines(read(acting(practice), practice.organisation, None, by=BY_ROLE))
    assert by["2026-01", "Nurse"].numerator == 3
    assert not Entry.objects.filter(action__in=(Action.SHARED_READ, Action.SHARED_REFUSED)).exists()


def test_what_leaves_is_rounded_and_small_counts_are_hidden(practice, network):
    agree(practice, network, granularity=Granularity.ROLE)
    shared = read(acting(network), practice.organisation)
    one = lines(shared)["2026-01", ""]
    assert (one.numerator, one.denominator, one.value) == (25, 145, 25 / 145)
    assert shared.protected
    assert disclosure.SMALL in shared.why
    by = lines(read(acting(network), practice.organisation, by=BY_ROLE))
    nurse = by["2026-01", "Nurse"]
    assert (nurse.numerator, nurse.value, nurse.hidden) == (None, None, True)
    # With one part and the total shown, the other could be worked out: a second goes with it.
    hidden = [group for (month, group), ln in by.items() if month == "2026-01" and ln.numerator is None]
    assert len(hidden) >= 2
    assert by["2026-01", ""] == one  # the total is the same, whichever way it is asked for


@pytest.mark.parametrize("missed", range(0, 14))
def test_one_to_seven_are_hidden_and_from_eight_on_rounded(missed, practice, network, home):
    agree(practice, network)
    load(practice.organisation, home, {"2026-03": {GP: (100, missed)}}, name="more.csv")
    one = lines(read(acting(network), practice.organisation))["2026-03", ""]
    if 1 <= missed <= 7:
        assert (one.numerator, one.value, one.hidden) == (None, None, True)
    else:
        assert one.numerator == 5 * ((missed + 2) // 5)
        assert one.numerator % 5 == one.denominator % 5 == 0


def test_minutes_do_not_tell_what_the_count_hides(practice, network, home):
    """One missed appointment of 12 minutes: 12 is no small number, and is hidden all the same."""
    agree(practice, network, granularity=Granularity.ROLE)
    load(practice.organisation, home, {"2026-03": {GP: (100, 20), NURSE: (50, 1)}}, name="more.csv")
    for measure in ("book_dna_share", "book_time_missed_share"):
        by = lines(read(acting(network), practice.organisation, by=BY_ROLE), measure)
        assert by["2026-03", "Nurse"].numerator is None, measure
        assert by["2026-03", "GP"].numerator is None, measure


def test_every_measure_that_leaves_knows_how_many_rows_stand_behind_it():
    """A measure that adds 0 or 1 for each row counts rows; any other says what stands behind it, or stays inside."""
    from openpractice.web.own.figures import measures
    from openpractice.web.sharing.protecting import leaves

    class Row(dict):
        __getattr__ = dict.get

    checked = 0
    for measure in measures():
        if not leaves(measure) or measure.behind:
            continue
        for row in measure.example.rows:
            assert set(measure.row(Row(row))) <= {0, 1}, measure.name
            checked += 1
    assert checked


def test_months_with_few_patients_are_hidden_whole(practice, network, home):
    """Fifty appointments of seven patients point at seven people."""
    agree(practice, network)
    load(practice.organisation, home, {"2026-03": USUAL}, patients=7, name="few.csv")
    found = lines(read(acting(network), practice.organisation))
    assert found["2026-03", ""].hidden
    assert found["2026-03", ""].denominator is None
    assert not found["2026-01", ""].hidden


def attackers_range(shown: float | None) -> tuple[float, float]:
    """What a shown or hidden count can have been, for who knows the rule."""
    if shown is None:
        return 1, float("inf")
    return (0, 0) if shown == 0 else (max(8, shown - 2), shown + 2)


def test_total_and_parts_do_not_tell_a_hidden_count_by_subtraction(practice, network, home):
    """A month for each mixture of counts: whoever sees both ways still cannot say what a hidden count is."""
    agree(practice, network, granularity=Granularity.ROLE)
    mixtures = list(itertools.product((0, 1, 7, 8, 13), repeat=3))
    months = {f"{2015 + n // 12}-{n % 12 + 1:02d}": mixture for n, mixture in enumerate(mixtures)}
    book = {
        month: {role: (30, missed) for role, missed in zip((GP, NURSE, PHARMACIST), mixture, strict=True)}
        for month, mixture in months.items()
    }
    load(practice.organisation, home, book, name="mixtures.csv")
    alone = lines(read(acting(network), practice.organisation))
    by = lines(read(acting(network), practice.organisation, by=BY_ROLE))
    for month, mixture in months.items():
        total, *parts = (attackers_range(by[month, group].numerator) for group in ("", "GP", "Nurse", "Pharmacist"))
        assert alone[month, ""] == by[month, ""]
        for place, part in enumerate(parts):
            others = [p for n, p in enumerate(parts) if n != place]
            low = max(part[0], total[0] - sum(high for _, high in others))
            high = min(part[1], total[1] - sum(low for low, _ in others))
            hidden = by[month, ("GP", "Nurse", "Pharmacist")[place]].numerator is None
            assert low <= mixture[place] <= high
            assert not hidden or low < high, mixture


def test_a_measure_about_roles_tells_no_more_than_the_table_of_roles(practice, network, home):
    """Eight with a GP and one with each of four others: 8 of 12, each rounded to 10, would give away every one."""
    agree(practice, network, granularity=Granularity.ROLE)
    others = (NURSE, PHARMACIST, "Paramedic", "Receptionist")
    load(practice.organisation, home, {"2026-03": {GP: (8, 0)} | dict.fromkeys(others, (1, 0))}, name="more.csv")
    load(practice.organisation, home, {"2026-04": {GP: (20, 0), NURSE: (15, 0)}}, name="open.csv")
    by = lines(read(acting(network), practice.organisation, by=BY_ROLE), "book_same_day_share")
    assert {group for (month, group), ln in by.items() if month == "2026-03" and ln.denominator is None} >= {"", "GP"}
    share = lines(read(acting(network), practice.organisation), "book_gp_share")
    one, plenty = share["2026-03", ""], share["2026-04", ""]
    assert (one.numerator, one.denominator, one.value, one.hidden) == (None, None, None, True)
    assert (plenty.numerator, plenty.denominator) == (20, 35)


def test_purposes_are_kept_apart(practice, network, member):
    board = member("commissioner", "Q99001")
    agree(practice, network, purpose=EVALUATION)
    agree(practice, board, purpose=COMMISSIONING)
    assert read(acting(network), practice.organisation, EVALUATION).figures
    for now, purpose in ((network, COMMISSIONING), (board, EVALUATION), (network, Purpose.RISK_STRATIFICATION)):
        with pytest.raises(NotShared):
            read(acting(now), practice.organisation, purpose)
    with pytest.raises(NotShared, match="which purpose"):
        read(acting(network), practice.organisation, None)


def test_granularity_is_held(practice, network):
    agree(practice, network, granularity=Granularity.AGGREGATE)
    now, owner = acting(network), practice.organisation
    with pytest.raises(NotShared, match="no finer"):
        read(now, owner, by=BY_ROLE)
    with pytest.raises(NotShared, match="no finer"):
        rows_of(now, owner)


@pytest.mark.parametrize("by", ["clinician", "patient", "weekday", "nonsense"])
def test_others_never_see_a_clinician_or_another_split(practice, network, by):
    agree(practice, network, granularity=Granularity.RECORD)
    with pytest.raises(Refused):
        read(acting(network), practice.organisation, by=by)


def test_what_is_asked_for_and_what_is_refused_stand_in_the_owner_s_record_once_each(practice, network):
    now, owner = acting(network), practice.organisation
    with pytest.raises(NotShared):
        read(now, owner)
    agreement = agree(practice, network)
    read(now, owner, first="2026-02")
    withdraw(agreement, practice)
    with pytest.raises(NotShared, match="has withdrawn"):
        read(now, owner)
    asked = (Action.SHARED_READ, Action.SHARED_REFUSED)
    entries = Entry.objects.filter(action__in=asked, about=owner.code, acting_for="U99001").order_by("number")
    assert [e.action for e in entries] == [Action.SHARED_REFUSED, Action.SHARED_READ, Action.SHARED_REFUSED]
    assert '"agreement": ' in entries[1].detail
    assert "from 2026-02" in entries[1].detail


def test_a_membership_that_ended_gives_nothing(practice, network, member, client_of):
    agree(practice, network)
    analyst = member("network_analyst", "U99001")
    client = client_of(analyst.person)
    address = "/shared/Y99001/?purpose=service_evaluation"
    assert client.get(address).status_code == 200
    remove(membership=analyst, by=network.person)
    assert client.get(address).status_code == 403


def test_records_leave_coarse_and_with_other_pseudonyms_for_each_agreement(practice, network, member):
    board = member("commissioner", "Q99001")
    agree(practice, network, granularity=Granularity.RECORD)
    agree(practice, board, granularity=Granularity.RECORD, purpose=COMMISSIONING)
    ours = rows_of(acting(practice), practice.organisation, None)
    one = rows_of(acting(network), practice.organisation)
    two = rows_of(acting(board), practice.organisation, COMMISSIONING)
    assert len(ours) == len(one) == len(two) == 290
    assert set(one[0]) == {
        "week", "time_band", "status", "role", "mode", "category", "booked_ahead", "planned_minutes",
        "actual_minutes", "patient",
    }  # fmt: skip
    assert {row["week"] for row in one} == {"2026-W01", "2026-W06"}
    assert {row["actual_minutes"] for row in one} == {10}
    patients = [{row["patient"] for row in some} for some in (ours, one, two)]
    assert [len(some) for some in patients] == [145, 145, 145]
    for some, others in itertools.combinations(patients, 2):
        assert not some & others
    assert {row["patient"] for row in rows_of(acting(network), practice.organisation)} == patients[1]


def test_a_stranger_learns_nothing_from_pages_files_and_streams(practice, network, client_of):
    client = client_of(network.person)
    for address in ("", "figures.csv", "records.csv", "stream"):
        answer = client.get(f"/shared/Y99001/{address}")
        assert answer.status_code == 403
        assert "does not share this with you" in answer.content.decode()
        assert "/agreements/why/" in answer.content.decode()
        assert client.get(f"/shared/Y99999/{address}").status_code == 404
    assert Entry.objects.filter(action=Action.SHARED_REFUSED, about="Y99001").count() == 4


def test_a_page_says_what_is_hidden_and_the_file_has_every_month(practice, network, client_of):
    agree(practice, network, granularity=Granularity.ROLE)
    client = client_of(network.person)
    page = client.get("/shared/Y99001/?by=role_group")
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    text = page.content.decode()
    assert "Hidden" in text
    assert disclosure.SMALL in text
    file = client.get("/shared/Y99001/figures.csv?by=role_group").content.decode("utf-8-sig")
    rows = list(csv.DictReader(file.splitlines()))
    nurse = [r for r in rows if (r["measure"], r["month"], r["role"]) == (DNA, "2026-01", "Nurse")]
    assert nurse[0]["numerator"] == ""
    assert nurse[0]["hidden"] == "yes"
    assert Entry.objects.filter(action=Action.SHARED_EXPORTED).count() == 1


def test_several_purposes_are_chosen_between(practice, network, client_of):
    agree(practice, network)
    agree(practice, network, purpose=COMMISSIONING)
    client = client_of(network.person)
    page = client.get("/shared/Y99001/").content.decode()
    assert "What do you need the figures" in page
    assert "?purpose=commissioning" in page
    assert client.get("/shared/Y99001/?purpose=gossip").status_code == 404
    assert client.get("/shared/Y99001/?topic=Weather").status_code == 404


def test_a_commissioner_sees_in_one_table_what_is_shared_and_nothing_else(practice, member, client_of):
    other = member("practice_administrator", "Y99002")
    board = member("commissioner", "Q99001")
    agree(practice, board, purpose=COMMISSIONING)
    gone = agree(other, board, purpose=COMMISSIONING, title="A second book")
    page = client_of(board.person).get("/shared/").content.decode()
    assert page.count("See the figures") == 2
    withdraw(gone, other)
    page = client_of(board.person).get("/shared/").content.decode()
    assert page.count("See the figures") == 1
    assert "has withdrawn from it" in page


def test_an_emergency_opens_figures_protected_and_written_down(practice, member):
    from openpractice.web.agreements.emergency import open_figures

    doctor = member("clinician", "Y99002")
    now, owner = acting(doctor), practice.organisation
    with pytest.raises(NotShared):
        read(now, owner, Purpose.DIRECT_CARE)
    opened = open_figures(
        owner=owner, reason="The surgery is closed and patients come to us.", hours=1, by=doctor.person,
        acting_for=doctor.organisation,
    )  # fmt: skip
    assert read(now, owner, Purpose.DIRECT_CARE).protected
    with pytest.raises(NotShared):
        read(now, owner, Purpose.DIRECT_CARE, by=BY_ROLE)
    with pytest.raises(NotShared):
        rows_of(now, owner, Purpose.DIRECT_CARE)
    assert f'"emergency": {opened.pk}' in Entry.objects.filter(action=Action.SHARED_READ).get().detail
    opened.until -= datetime.timedelta(hours=2)
    opened.save()
    with pytest.raises(NotShared):
        read(now, owner, Purpose.DIRECT_CARE)
