"""The usual tricks with forms, addresses, headers and files: none of them does anything here."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from openpractice.web.organisations.models import Invitation, Membership
from openpractice.web.uploads.models import Upload
from tests.integration.hostile.conftest import THEIRS, body, let_go
from tests.integration.hostile.test_other_peoples_things import addresses, filled, kept

PASSWORD = "three long words"


@pytest.fixture
def boss(member):
    """Who may do most at the practice that is tried."""
    return member("practice_administrator", "Y99001", name="Robin Wren")


def test_no_form_of_another_site_does_anything(theirs, boss):
    """Signed in, with the cookie of a session and without the token of a page of ours: whatever is posted is refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(boss.person)
    before = kept()
    ours = {**theirs.values, "<int:membership>": str(boss.pk)}
    posted = [path for path in addresses() if not path.startswith("api/")] + ["account/logout/", "account/name/", "account/login/"]  # fmt: skip
    refused = 0
    for path in posted:
        for more in ({}, {"headers": {"Origin": "https://evil.example", "Referer": "https://evil.example/"}}):
            answer = client.post(filled(path, ours), {"do": "remove", "csrfmiddlewaretoken": "x" * 64}, **more)
            assert answer.status_code in (403, 404, 405), (path, answer.status_code)
            refused += answer.status_code == 403
    assert refused > 50
    assert kept() == before
    assert client.get("/you/").status_code == 200  # nor was anybody signed out


def test_a_session_from_outside_is_not_taken(member, client, settings):
    """What somebody lays into a browser before its owner signs in opens nothing for them afterwards."""
    clinician = member("clinician", password=PASSWORD)
    client.cookies["openpractice"] = laid = "a" * 32
    answer = client.post("/account/login/", {"login": clinician.person.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.cookies["openpractice"].value not in ("", laid)
    attacker = Client()
    attacker.cookies["openpractice"] = laid
    assert attacker.get("/you/").status_code == 302


def test_a_known_session_changes_its_name_when_somebody_signs_in(member, client):
    clinician = member("clinician", password=PASSWORD)
    client.get("/account/login/")
    session = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    client.post("/account/login/", {"login": clinician.person.email, "password": PASSWORD})
    assert client.session.session_key != before
    attacker = Client()
    attacker.cookies["openpractice"] = before
    assert attacker.get("/you/").status_code == 302


ELSEWHERE = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example",
    "https:/evil.example", "javascript:alert(1)", "data:text/html,x", " https://evil.example", "/%0d%0aSet-Cookie:a=b",
    "https://testserver@evil.example/", "https://testserver.evil.example", "/\t/evil.example", "\x00//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("where", ELSEWHERE)
def test_after_signing_in_nobody_is_sent_elsewhere(where, member, client):
    clinician = member("clinician", password=PASSWORD)
    page = client.get("/account/login/", {"next": where})
    assert "evil.example" not in re.findall(r'(?:href|action)="([^"]*)"', page.content.decode())
    answer = client.post("/account/login/", {"login": clinician.person.email, "password": PASSWORD, "next": where})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not re.match(r"/[/\\]|/\s", answer["Location"])
    assert "evil.example" not in answer["Location"]
    assert client.post("/account/logout/", {"next": where}).get("Location", "/").startswith("/")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_do_nothing(method, theirs, boss, client_of):
    client, before = client_of(boss.person), kept()
    for path in addresses():
        answer = getattr(client, method)(filled(path, theirs.values))
        assert answer.status_code != 500, path
        assert "quillfeather" not in body(answer)
    assert kept() == before


def test_no_word_turns_one_method_into_another(theirs, boss, client_of):
    client, before = client_of(boss.person), kept()
    ours = {**theirs.values, "<int:membership>": str(boss.pk)}
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        for path in addresses():
            answer = client.get(filled(path, ours), {"_method": "POST", "do": "remove"}, headers={name: "POST"})
            assert answer.status_code != 500, path
            let_go(answer)
    assert kept() == before


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "testserver@evil.example", "evil.example:80", ""])  # fmt: skip
def test_a_name_that_is_not_ours_is_not_answered(host, boss, client_of, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    client = client_of(boss.person)
    for path in ("/", "/you/", "/api/v1/whoami", "/organisation/tokens/"):
        answer = client.get(path, headers={"host": host})
        assert answer.status_code == 400
        assert "evil.example" not in body(answer)


def test_a_forwarded_name_is_not_believed(boss, client_of, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    client = client_of(boss.person)
    forwarded = {"host": "localhost", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-URL": "/own/", "X-Rewrite-URL": "/own/"}  # fmt: skip
    posted = client.post(
        "/organisation/people/invite/", {"email": "new@example.org", "role": "clinician"}, headers=forwarded
    )
    assert posted.status_code == 200
    assert "http://localhost/invitations/" in posted.content.decode()
    assert "evil.example" not in body(posted)
    assert client.get("/you/", headers=forwarded).content.count(b"evil.example") == 0


CODES = ("..", "../..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "Y99002%00", "Y99002%0d%0aX: y", "~root", "Y99002/../Y99002", "*", "%", "y99002", "Ｙ99002", "a" * 5000, "'; DROP TABLE x;--", "{{7*7}}", "<script>alert(1)</script>", "../own/Y99002/catalogue.sqlite")  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_no_code_leads_out_of_its_place(code, theirs, boss, client_of):
    client = client_of(boss.person)
    for path in ("/shared/{}/", "/shared/{}/figures.csv", "/areas/{}/", "/areas/{}/report.html", "/compare/{}/", "/measures/{}/", "/own/measures/{}/", "/api/v1/areas/{}", "/invitations/{}/", "/static/{}", "/data/files/{}/", "/uploads/{}/"):  # fmt: skip
        answer = client.get(path.format(code))
        assert answer.status_code in (200, 301, 302, 400, 401, 403, 404, 414, 503), (path, answer.status_code)
        said = body(answer)
        assert "quillfeather" not in said
        assert "root:x:" not in said
        assert "<script>alert" not in said
        assert "49" not in re.findall(r"<h1[^>]*>(.*?)</h1>", said)


SPLITTING = ("a\r\nSet-Cookie: evil=1", "a\nX-Evil: 1", "a%0d%0aX-Evil: 1", "a\u2028X-Evil: 1", "a\x0bX-Evil: 1", "\u560d\u560aX-Evil: 1")  # fmt: skip


@pytest.mark.parametrize("word", SPLITTING)
def test_no_word_becomes_a_header(word, boss, client_of):
    client = client_of(boss.person)
    for answer in (
        client.get("/search", {"q": word}), client.get("/account/login/", {"next": word}), client.get("/shared/", {"purpose": word}),
        client.get("/organisation/record.csv", {"person": word, "action": word}), client.get("/uploads/", {"page": word}),
        client.post("/uploads/", b"a,b\n1,2\n", content_type="application/octet-stream", headers={"X-File-Name": word.encode("unicode_escape").decode()}),
        client.post("/you/act-for/", {"organisation": word}), client.get("/api/v1/results", {"measure": word}),
    ):  # fmt: skip
        assert answer.status_code != 500
        assert "evil" not in {name.lower() for name in answer.cookies}
        assert "x-evil" not in {name.lower() for name in answer.headers}
        assert not any(re.search(r"[\r\n]", value) for value in answer.headers.values())


HARMFUL = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("name", HARMFUL)
def test_no_cell_of_an_exported_record_is_a_formula(name, member, client_of):
    """Whoever joins chooses a name for themselves; a spreadsheet would reckon with it."""
    boss = member("practice_administrator", name=name)
    client = client_of(boss.person)
    client.get("/organisation/record/")
    text = client.get("/organisation/record.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []
    assert any(name.strip() in cell for cell in cells)


def test_no_cell_of_exported_figures_is_a_formula(theirs, program, client_of, member):
    from tests.integration.sharing.conftest import COMMISSIONING, agree

    board = member("commissioner", "Q99001")
    agree(theirs.boss, board, purpose=COMMISSIONING, granularity="record", title="=1+1")
    client = client_of(board.person)
    pieces = [client.get(f"/shared/{THEIRS}/figures.csv?purpose=commissioning").content.decode("utf-8-sig")]
    pieces.append(program("/own/results?format=csv", theirs.secret).content.decode("utf-8-sig"))
    for text in pieces:
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert len(cells) > 20
        numbers = re.compile(r"-?[0-9.e-]+$")
        assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@") and not numbers.match(cell)] == []


PAGES_AS_FILES = {"page.html": b"<script>alert(1)</script>", "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "<img src=x onerror=alert(1)>.csv": b"a,b\n<script>alert(2)</script>,2\n"}  # fmt: skip


@pytest.mark.parametrize("name", PAGES_AS_FILES)
def test_what_was_uploaded_is_never_shown_as_a_page(name, boss, client_of, home):
    """No address gives a file back; its name and what was refused of it are words on a page."""
    from urllib.parse import quote

    client = client_of(boss.person)
    sent = client.post("/uploads/", PAGES_AS_FILES[name], content_type="application/octet-stream", headers={"X-File-Name": quote(name)})  # fmt: skip
    assert sent.status_code == 201
    upload = Upload.objects.get()
    Upload.objects.update(
        state="loaded",
        account=[{"source": None, "status": "loaded", "rows_read": 1, "rows_kept": 0, "rows_refused": 1, "periods": [],
                  "name": "<script>alert(3)</script>", "reason": "<b>",
                  "refusals": [{"reason": "<script>alert(4)</script>", "count": 1, "example": "<script>alert(5)</script>"}]}],
    )  # fmt: skip
    for path in ("/uploads/", f"/uploads/{upload.pk}/", f"/uploads/progress.json?id={upload.pk}"):
        answer = client.get(path)
        text = answer.content.decode()
        assert re.findall(r"<script>|<img src=x|<svg xmlns=[^>]*onload", text) == [], path
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self' 'nonce-" in answer["Content-Security-Policy"] or answer["Content-Type"] == "application/json"  # fmt: skip
    served = [path for path in addresses() if "<int:upload>" in path or "<upload>" in path]
    assert {path for path in served if not path.startswith("api/")} == {"uploads/<int:upload>/"}


def test_an_invitation_is_for_one_person_and_one_use(boss, member, client_of):
    from openpractice.web.organisations.inviting import invite

    _, link = invite(organisation=boss.organisation, email="invited@example.org", role="clinician", by=boss.person)
    stranger = member("reception", "Y99003")
    answer = client_of(stranger.person).post(f"/invitations/{link}/")
    assert answer.status_code in (403, 404, 409, 422)
    assert not Membership.objects.filter(person=stranger.person, organisation=boss.organisation).exists()
    assert Invitation.objects.get().accepted is None
    for wrong in (link[:-1], link.swapcase(), link + "x", link[::-1]):
        assert client_of(stranger.person).get(f"/invitations/{wrong}/").status_code in (404, 410, 200)
        assert boss.organisation.name not in client_of(stranger.person).get(f"/invitations/{wrong}/").content.decode()
