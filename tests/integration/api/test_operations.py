"""Every operation × every role × own, agreed, withdrawn and unrelated organisation: what a program gets.

An operation without a row here fails the build, and so does a row without an operation.
"""

from __future__ import annotations

import datetime
import random

import nhs_number
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from openpractice.analysis.recompute import ingest
from openpractice.web.agreements import actions as agreements
from openpractice.web.agreements.terms import EVERYTHING, Granularity, Purpose
from openpractice.web.api.models import Token
from openpractice.web.api.offered import ANY_TOKEN
from openpractice.web.api.operations import api
from openpractice.web.api.scopes import Scope
from openpractice.web.audit.models import Action, Entry
from openpractice.web.organisations.models import Membership
from openpractice.web.organisations.roles import ROLES, Permission
from openpractice.web.own.keys import owner_of
from openpractice.web.own.place import home_of
from openpractice.web.uploads.models import State, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("over_sample", "own_place")]

OPEN = None
MATRIX = {
    "GET /areas": OPEN,
    "GET /areas/{code}": OPEN,
    "GET /areas/{code}/children": OPEN,
    "GET /areas/{code}/comparison": OPEN,
    "GET /measures": OPEN,
    "GET /measures/{name}": OPEN,
    "GET /results": OPEN,
    "GET /whoami": ANY_TOKEN,
    "GET /own/results": Scope.READ_OWN,
    "GET /shared": Scope.READ_SHARED,
    "GET /shared/{code}/results": Scope.READ_SHARED,
    "POST /uploads/own": Scope.UPLOAD_OWN,
    "GET /uploads/own": Scope.UPLOAD_OWN,
    "GET /uploads/own/{upload}": Scope.UPLOAD_OWN,
    "DELETE /uploads/own/{upload}": Scope.UPLOAD_OWN,
    "POST /uploads/published": Scope.UPLOAD_PUBLISHED,
    "GET /uploads/published": Scope.UPLOAD_PUBLISHED,
    "GET /uploads/published/{upload}": Scope.UPLOAD_PUBLISHED,
    "DELETE /uploads/published/{upload}": Scope.UPLOAD_PUBLISHED,
}
QUERIES = {"GET /results": "?measure=calls_missed", "GET /shared/{code}/results": "?purpose=service_evaluation"}
PRACTICE = [name for name, role in ROLES.items() if "practice" in role.kinds]


@pytest.fixture
def own_place(settings, tmp_path):
    """Own data and arriving files lie in a folder of this test."""
    settings.HOME = tmp_path
    return tmp_path


def test_every_operation_has_a_row_and_every_row_an_operation():
    found = {
        f"{method} {path}": operation.view_func.needs
        for path, view in api.default_router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert found == MATRIX


@pytest.fixture
def secret_of():
    """A token with every scope there is, as if its maker could have made it: the role alone must hold it back."""

    def make(mine: Membership) -> str:
        secret = f"op_{mine.pk}_{random.random()}"
        Token.objects.create(
            organisation=mine.organisation, made_by=mine.person, name="All", scope_names=list(Scope),
            prefix=secret[:8], fingerprint=Token.fingerprint_of(secret),
            expires=timezone.now() + datetime.timedelta(days=1),
        )  # fmt: skip
        return secret

    return make


@pytest.fixture
def upload():
    """A file of an organisation, or of everybody, that waits; the row alone."""

    def make(organisation) -> Upload:
        return Upload.objects.create(
            organisation=organisation, how="token", name="book.csv", size=1, sha256="0" * 64,
            folder=f"{random.getrandbits(100):x}", state=State.WAITING,
        )  # fmt: skip

    return make


@pytest.fixture
def book(tmp_path):
    """Loads an appointment book of its own for a practice: 60 in January, of which 20 missed; 40 in February, 3 missed."""

    def load(organisation) -> None:
        numbers = nhs_number.generate(for_region=nhs_number.REGION_SYNTHETIC, quantity=100)
        rows = ["Appointment date,Start time,Status,NHS number,Role"]
        for n, number in enumerate(numbers):
            month, missed = (1, n < 20) if n < 60 else (2, n < 63)
            status = "DNA" if missed else "Attended"
            rows.append(f"{n % 27 + 1:02d}/{month:02d}/2026,09:{n % 60:02d},{status},{number},GP")
        file = tmp_path / f"book-{organisation.code}.csv"
        file.write_text("\n".join(rows) + "\n")
        home = home_of(organisation)
        home.mkdir(parents=True, exist_ok=True)
        (account,) = ingest(home, [file], owner=owner_of(organisation))
        assert account.rows_kept, account

    return load


def ask(program, row: str, secret: str = "", **values: object):
    method, _, path = row.partition(" ")
    for name, value in {"code": "A81002", "name": "calls_missed", "upload": 1, **values}.items():
        path = path.replace(f"{{{name}}}", str(value))
    more = {"data": {"file": SimpleUploadedFile("book.csv", b"a,b\n1,2\n")}} if method == "POST" else {}
    return program(path + QUERIES.get(row, ""), secret, method.lower(), **more)


@pytest.mark.parametrize("row", MATRIX)
def test_without_a_token_open_data_only(program, row):
    assert ask(program, row).status_code == (200 if MATRIX[row] is OPEN else 401)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", MATRIX)
def test_a_token_does_what_its_makers_role_may(program, member, secret_of, upload, row, role):
    mine = member(role, "Y99001" if role in PRACTICE else "Z99")
    number = upload(None if "published" in row else mine.organisation).pk
    answer = ask(program, row, secret_of(mine), upload=number, code="A81002")
    needed = MATRIX[row]
    if isinstance(needed, Scope) and not mine.role.may(needed.permission):
        assert answer.status_code == 403
        assert "may not do this any more" in answer.json()["detail"]
    elif row == "GET /shared/{code}/results":
        assert answer.status_code == 404
    else:
        assert answer.status_code == (201 if row.startswith("POST") else 200), answer.content


@pytest.mark.parametrize("row", [row for row, needed in MATRIX.items() if isinstance(needed, Scope)])
def test_a_token_does_nothing_that_it_was_not_made_for(program, member, secret_of, upload, row):
    for role in ("practice_administrator", "network_manager"):
        mine = member(role, "Y99001" if role in PRACTICE else "Z99")
        if not mine.role.may(MATRIX[row].permission):
            continue
        secret = secret_of(mine)
        Token.objects.filter(fingerprint=Token.fingerprint_of(secret)).update(
            scope_names=[scope for scope in Scope if scope != MATRIX[row]]
        )
        answer = ask(program, row, secret, upload=upload(mine.organisation).pk)
        assert answer.status_code == 403
        assert "not made for this" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("role", [name for name in PRACTICE if ROLES[name].may(Permission.UPLOAD)])
def test_another_organisations_upload_is_not_there(program, member, secret_of, upload, role, method):
    """Nor is everybody's among one's own; all in the words of one that never was."""
    mine, theirs = member(role), member("practice_administrator", "Y99002")
    secret, row = secret_of(mine), f"{method} /uploads/own/{{upload}}"
    said = {
        (answer.status_code, answer.content)
        for number in (upload(theirs.organisation).pk, upload(None).pk, 10**9)
        for answer in [ask(program, row, secret, upload=number)]
    }
    assert len(said) == 1
    assert next(iter(said))[0] == 404
    assert Upload.objects.filter(state=State.WAITING).count() == 2


def agreed(owner: Membership, reader: Membership, **terms):
    today = timezone.localdate()
    terms = {
        "title": "Appointments of the network", "purpose": Purpose.SERVICE_EVALUATION, "legal_basis": "Article 6(1)(e)",
        "topics": [EVERYTHING], "granularity": Granularity.AGGREGATE, "roles": list(ROLES), "starts": today,
        "review": today, "ends": today + datetime.timedelta(days=30), **terms,
    }  # fmt: skip
    made = agreements.propose(
        **terms, givers=[owner.organisation], receivers=[reader.organisation], by=owner.person,
        acting_for=owner.organisation,
    )  # fmt: skip
    for one in made.parties.all():
        who = owner if one.organisation == owner.organisation else reader
        person = who.person if who.role.may(Permission.SIGN_AGREEMENTS) else _signs(who.organisation)
        agreements.sign(party=one, by=person)
    return made


def _signs(organisation):
    """Somebody of the organisation who may bind it."""
    from openpractice.web.accounts.models import Person
    from openpractice.web.organisations.actions import appoint
    from openpractice.web.organisations.roles import offered

    role = next(role for role in offered(organisation.kind) if role.may(Permission.SIGN_AGREEMENTS))
    person = Person.objects.create_user(f"signs-{organisation.code}@example.org", name="Signatory Wren")
    return appoint(person=person, organisation=organisation, role=role.name).person


SHARED = "GET /shared/{code}/results"


@pytest.mark.parametrize("role", [n for n, r in ROLES.items() if r.may(Permission.SEE_SHARED)])
def test_shared_figures_follow_the_agreement(program, member, secret_of, book, role):
    owner, unrelated = member("practice_administrator", "Y99001"), member("practice_administrator", "Y99003")
    for one in (owner, unrelated):
        book(one.organisation)
    reader = member(role, "Y99002" if role in PRACTICE else "Z99")
    secret = secret_of(reader)

    assert ask(program, SHARED, secret, code="Y99001").status_code == 404
    agreement = agreed(owner, reader)
    answer = ask(program, SHARED, secret, code="Y99001")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert ask(program, SHARED, secret, code="y99001").status_code == 200

    other = program("/shared/Y99001/results?purpose=commissioning", secret)
    assert other.status_code == 403
    assert "not for commissioning" in other.json()["detail"]

    agreements.withdraw(
        party=agreement.parties.get(organisation=owner.organisation), by=owner.person, reason="It is not used."
    )
    gone = ask(program, SHARED, secret, code="Y99001")
    assert gone.status_code == 403
    assert "withdrawn" in gone.json()["detail"]
    assert ask(program, SHARED, secret, code="Y99003").status_code == 404
    refused = Entry.objects.filter(action=Action.SHARED_REFUSED)
    assert refused.filter(about="Y99001").count() == 3
    assert refused.filter(about="Y99003").count() == 1


def test_small_numbers_do_not_leave_their_organisation(program, member, secret_of, book):
    owner, reader = member("practice_administrator"), member("network_manager", "U99001")
    book(owner.organisation)
    agreed(owner, reader)
    query = "&measure=book_dna_share"
    own = program(f"/own/results?{query}", secret_of(owner)).json()
    assert [(one["period"], one["numerator"], one["denominator"]) for one in own["results"]] == [
        ("2026-01", 20, 60), ("2026-02", 3, 40),
    ]  # fmt: skip
    secret = secret_of(reader)
    shared = program(f"/shared/Y99001/results?purpose=service_evaluation{query}", secret).json()
    told = {one["period"]: one for one in shared["results"]}
    assert told["2026-01"]["value"] == pytest.approx(20 / 60)
    assert (told["2026-02"]["hidden"], told["2026-02"]["numerator"], told["2026-02"]["value"]) == (True, None, None)
    assert shared["protected"]
    assert shared["why"]
    assert not own["protected"]
    as_csv = program(f"/shared/Y99001/results?purpose=service_evaluation{query}&format=csv", secret)
    assert b",3.0," not in as_csv.content
    assert Entry.objects.filter(action=Action.SHARED_EXPORTED, about="Y99001").count() == 2


def test_an_organisation_that_is_not_here_and_one_that_shares_nothing_are_told_alike(program, member, secret_of, book):
    """In words, in status, and in what is done before the answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    reader, stranger = member("network_manager", "U99001"), member("practice_administrator", "Y99003")
    book(stranger.organisation)
    secret = secret_of(reader)
    ask(program, SHARED, secret, code="Y99003")  # the first use of the day is written down
    said = []
    for code in ("Y99003", "Y99999"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = ask(program, SHARED, secret, code=code)
        said.append((answer.status_code, answer.content, len(asked)))
    assert said[0] == said[1]
    assert said[0][0] == 404


def test_what_is_shared_is_listed_with_what_stands_in_its_way(program, member, secret_of):
    owner, reader = member("practice_administrator"), member("network_manager", "U99001")
    agreement = agreed(owner, reader)
    secret = secret_of(reader)
    (told,) = program("/shared", secret).json()["shares"]
    assert (told["organisation"], told["purpose"], told["in_force"]) == ("Y99001", "service_evaluation", True)
    party = agreement.parties.get(organisation=reader.organisation)
    agreements.withdraw(party=party, by=reader.person, reason="It is not used.")
    (told,) = program("/shared", secret).json()["shares"]
    assert not told["in_force"]
    assert "withdrawn" in told["why_not"][0]


def test_a_file_is_taken_followed_and_stopped(program, member, secret_of):
    secret = secret_of(member("practice_administrator"))
    answer = ask(program, "POST /uploads/own", secret)
    assert answer.status_code == 201
    told = answer.json()
    assert answer["Location"] == told["self"]
    path = told["self"].partition("/api/v1")[2]
    assert program(path, secret).json()["state"] == "waiting"
    assert [one["id"] for one in program("/uploads/own", secret).json()["uploads"]] == [told["id"]]
    stopped = program(path, secret, "delete")
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    again = program(path, secret, "delete")
    assert again.status_code == 409
    assert "nothing to cancel" in again.json()["detail"]
    assert Entry.objects.filter(action=Action.UPLOAD_ARRIVED, acting_for="Y99001").exists()


def test_a_file_that_cannot_be_taken_leaves_nothing(program, member, secret_of, settings):
    secret = secret_of(member("practice_administrator"))

    def bring(**data):
        return program("/uploads/own", secret, "post", data=data)

    assert bring().status_code == 422
    assert bring(file="words").status_code == 422
    assert bring(file=SimpleUploadedFile("empty.csv", b"")).status_code == 422
    assert bring(file=SimpleUploadedFile("a.csv", b"a"), more="words").status_code == 422
    assert bring(file=[SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("b.csv", b"b")]).status_code == 422
    settings.LARGEST_UPLOAD = 10
    assert bring(file=SimpleUploadedFile("a.csv", b"a" * 100)).status_code == 413
    wrong = program("/uploads/own", secret, "post", data=b"{}", content_type="application/json")
    assert wrong.status_code == 415
    assert not Upload.objects.exists()
