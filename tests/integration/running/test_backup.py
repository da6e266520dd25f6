"""A backup made while people work and files are loaded, everything destroyed, and everything as it was again."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import time
from pathlib import Path

import pytest

from tests.integration.audit.place import Place, ended
from tests.integration.running.conftest import UP
from tests.integration.running.test_the_fence import FILL
from tests.postgres import asked_of

PASSPHRASE = {"OPENPRACTICE_BACKUP_PASSPHRASE": "three words of ours"}
MONTHS = [f"{2020 + n // 12}-{n % 12 + 1:02d}" for n in range(60)]
# A practice's key and one sealed number; of the range that no patient has.
RING = """
from pathlib import Path
from openpractice.store.keyring import KeyRing
ring = KeyRing.open_or_make(Path({!r}) / "own" / "Y99001")
print(*ring.pseudonyms(["9990000018"]))
"""
WHOSE = "from pathlib import Path\nfrom openpractice.store.keyring import KeyRing\nprint(KeyRing.open_or_make(Path({!r}) / 'own' / 'Y99001').number_of({!r}))"  # fmt: skip
# Everything that people said and signed.
PEOPLE = """
from django.apps import apps
from openpractice.web.config.seeing import across
with across():
    for name in ("accounts.Person", "organisations.Organisation", "organisations.Membership", "organisations.Invitation",
                 "agreements.Agreement", "agreements.Party", "agreements.Statement"):
        for row in apps.get_model(name).objects.order_by("pk").values():
            print(name, sorted(row.items()))
"""
# Loads a month, and then says in the record that it did: what the record speaks of is always loaded.
LOAD = """
import sys
from pathlib import Path
from django.db import transaction
from openpractice.analysis.recompute import ingest
from openpractice.kinds import Refused
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
home, files = Path(sys.argv[1]), sorted(Path(sys.argv[2]).iterdir())
for number, file in enumerate(files):
    while not (Path(sys.argv[3])).exists():
        try:
            ingest(home, [file])
            break
        except Refused:  # a backup holds the store for a moment
            pass
    else:
        break
    with transaction.atomic():
        write(Action.UPLOAD_LOADED, who="the load", what=str(number), kept=2)
    print(number, flush=True)
"""


def openpractice(place: Place, *arguments: object, **variables: str):
    again = Place(place.home, {**place.variables, **variables})
    return again.openpractice(*arguments)


def done(ran) -> str:
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def files(small, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("months")
    for number, month in enumerate(MONTHS):
        small.patients(folder / f"{month}.csv", month, {"Y99001": 9000 + 10 * number, "Y99002": 12000})
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path, postgresql) -> Place:
    """A home with people, agreements and a practice's key, on each kind of database."""
    if request.param == "postgresql":
        made = request.getfixturevalue("federation")
        place = Place(tmp_path / "home", made.variables)
    else:
        place = Place(tmp_path / "home", {})
    place.home.mkdir()
    place.run(UP.format(str(place.home)))
    place.run(FILL)
    return place


def destroyed(place: Place, postgresql: dict[str, str]) -> None:
    shutil.rmtree(place.home)
    if place.variables:
        name = place.variables["OPENPRACTICE_DATABASE_URL"].rpartition("/")[2]
        asked_of(postgresql, "postgres", f"DROP DATABASE {name}")
        asked_of(postgresql, "postgres", f"CREATE DATABASE {name} OWNER {name}_owner")


def state(place: Place) -> tuple[str, str]:
    return done(place.openpractice("measure", "list_size", "--json")), place.run(PEOPLE)


@pytest.mark.timeout(600)
def test_backup_under_load_destroy_restore(place, files, tmp_path, postgresql):
    pseudonym = place.run(RING.format(str(place.home))).strip()
    stop = tmp_path / "stop"
    load = place.begin(LOAD, place.home, files, stop)
    assert load.stdout.readline() == "0\n"
    done(openpractice(place, "backup", tmp_path / "during", "--encrypt", **PASSPHRASE))
    assert load.poll() is None, "the load has ended before the backup did"
    stop.touch()
    ended(load)
    assert "Saved in" in done(openpractice(place, "backup", tmp_path / "after", "--encrypt", **PASSPHRASE))
    before, line = state(place), done(place.openpractice("audit", "verify")).splitlines()[-1]

    destroyed(place, postgresql)
    said = done(openpractice(place, "restore", tmp_path / "after", **PASSPHRASE))
    noted = re.search(r"whole up to its entry then: (\d+:\w+)", said)[1]
    assert int(noted.partition(":")[0]) == int(line.partition(":")[0]) - 1  # that it was saved is written afterwards
    assert state(place) == before
    done(place.openpractice("check"))
    done(place.openpractice("audit", "verify", "--expect", noted))
    assert place.run(WHOSE.format(str(place.home), pseudonym)).strip() == "9990000018"

    destroyed(place, postgresql)
    done(openpractice(place, "restore", tmp_path / "during", **PASSPHRASE))
    done(place.openpractice("check"))
    spoken = json.loads(done(place.openpractice("audit", "export", "--organisation", "", "--json")) or "[]")
    loads = [one for one in spoken if one["action"] == "upload_loaded"]
    months = {one["period"] for one in json.loads(done(place.openpractice("measure", "list_size", "--area", "Y99001", "--json")))}  # fmt: skip
    assert {MONTHS[int(one["detail"]["what"])] for one in loads} <= months
    assert len(months) - len(loads) in (0, 1)


def test_a_backup_of_what_was_restored_can_be_restored(place, tmp_path, postgresql):
    before = place.run(PEOPLE)
    for turn in range(2):
        done(place.openpractice("backup", tmp_path / f"backup{turn}"))
        destroyed(place, postgresql)
        done(place.openpractice("restore", tmp_path / f"backup{turn}"))
    assert place.run(PEOPLE) == before


def test_the_fence_stands_again(federation, tmp_path, postgresql):
    federation.run(FILL)
    done(federation.openpractice("backup", tmp_path.parent / f"{tmp_path.name}.bak"))
    destroyed(federation, postgresql)
    done(federation.openpractice("restore", tmp_path.parent / f"{tmp_path.name}.bak"))
    counted = "from openpractice.web.config.seeing import only\nfrom openpractice.web.organisations.models import Membership\nprint(Membership.objects.count())\nwith only('Y99001'): print(Membership.objects.count())"  # fmt: skip
    assert federation.run(counted).split() == ["0", "1"]


def test_what_is_there_is_put_aside_and_only_when_asked(place, tmp_path):
    file = tmp_path / "backup"
    done(place.openpractice("backup", file))
    later = "from openpractice.web.accounts.models import Person\nPerson.objects.create_user('late@example.org', name='Late')"  # fmt: skip
    place.run(later)
    before = place.run(PEOPLE)
    refused = place.openpractice("restore", file)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "already" in refused.stderr
    assert place.run(PEOPLE) == before
    said = done(place.openpractice("restore", file, "--replace"))
    assert "What was there is now in" in said
    assert "late@example.org" not in place.run(PEOPLE)
    [aside] = place.home.glob("replaced-*")
    assert (aside / "secret-key").exists()


def test_without_keys_nobody_finds_out_whose_record_it_is(tmp_path):
    place = Place(tmp_path / "home", {})
    place.home.mkdir()
    pseudonym = place.run(RING.format(str(place.home))).strip()
    said = done(place.openpractice("backup", tmp_path / "backup", "--without-keys"))
    assert "nobody can find out from it whom a pseudonym stands for" in said
    new = Place(tmp_path / "new", {})
    done(new.openpractice("restore", tmp_path / "backup"))
    assert not list((new.home / "own").rglob("key*"))
    assert new.run(WHOSE.format(str(new.home), pseudonym)).strip() == "None"


# What lies about with NHS numbers in it before anything has read it, and after; and what a killed program may leave.
AS_THEY_CAME = ("own/Y99001/arrived/a1/book.csv", "arrived/a2/book.csv", "inbox/Y99001/book.csv")
REFUSED = ("inbox/refused/book.csv", "inbox/refused/Y99001/book.csv", "own/.leaving-Y99002/book.csv")
STRAYS = ("own/Y99001/key.made", "own/Y99001/key.next", "own/Y99001/key.123.abcdef01")


@pytest.mark.parametrize("keys", [True, False])
def test_a_backup_holds_files_as_they_came_only_with_the_keys_and_refused_ones_never(tmp_path, keys):
    place = Place(tmp_path / "home", {})
    place.home.mkdir()
    place.run(RING.format(str(place.home)))
    key = (place.home / "own" / "Y99001" / "key").read_bytes()
    for name in (*AS_THEY_CAME, *REFUSED, *STRAYS):
        (place.home / name).parent.mkdir(parents=True, exist_ok=True)
        (place.home / name).write_bytes(key if "key" in name else b"9990000018")
    done(place.openpractice("backup", tmp_path / "backup", *([] if keys else ["--without-keys"])))
    new = tmp_path / "new"
    new.mkdir()
    with tarfile.open(tmp_path / "backup") as packed:
        packed.extractall(new, filter="data")
    there = {str(path.relative_to(new / "home")) for path in new.rglob("*") if path.is_file() and "home" in path.parts}
    assert {name for name in AS_THEY_CAME if name in there} == (set(AS_THEY_CAME) if keys else set())
    assert not there & {*REFUSED, "own/Y99001/key.made"}
    said = b"".join(path.read_bytes() for path in new.rglob("*") if path.is_file())
    assert (b"9990000018" in said, key in said) == (keys, keys)


KILLED = """
import os, shutil, sys
from openpractice.cli.program import run
from openpractice.web.config.backup import restoring
real, left = shutil.move, [int(sys.argv[3])]
def move(*a):
    left[0] -= 1
    if left[0] < 0:
        os._exit(9)
    return real(*a)
restoring.shutil.move = move
sys.exit(run(["--home", sys.argv[1], "restore", sys.argv[2], "--replace"]))
"""


def killed_restoring(place: Place, backup: Path, moves: int) -> None:
    program = place.begin(KILLED, place.home, backup, moves)
    assert (program.communicate()[1], program.returncode) == ("", 9)


@pytest.mark.parametrize("moves", [0, 1])
def test_a_restore_that_was_killed_is_begun_again_before_anybody_works_here(place, tmp_path, moves):
    done(place.openpractice("backup", tmp_path / "backup"))
    before = place.run(PEOPLE)
    killed_restoring(place, tmp_path / "backup", moves)
    for verb in ("serve --port 0", "worker", "check --deploy", f"backup {tmp_path / 'half'}"):
        refused = place.openpractice(*verb.split())
        assert (refused.returncode, "run 'openpractice restore FILE --replace' again" in refused.stderr) == (2, True)
    [unpacked] = place.home.glob(".restoring-*")
    (tmp_path / "other").write_bytes(b"no backup")
    assert "not a backup" in place.openpractice("restore", tmp_path / "other", "--replace").stderr
    assert list(unpacked.rglob("*")) == []  # the plaintext is gone, the mark is there
    assert place.openpractice("worker").returncode == 2
    done(place.openpractice("restore", tmp_path / "backup", "--replace"))
    assert list(place.home.glob(".restoring-*")) == []
    assert place.run(PEOPLE) == before


def test_nothing_is_restored_under_a_running_server(tmp_path, small):
    place = Place(tmp_path / "home", {})
    place.home.mkdir()
    done(place.openpractice("backup", tmp_path / "backup"))
    server = small.start(place.home, "serve", "--port", "0")
    try:
        assert "is running at" in server.stdout.readline()
        refused = place.openpractice("restore", tmp_path / "backup", "--replace")
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert refused.returncode == 2
    assert "Stop the server" in refused.stderr


def test_a_backup_says_where_it_must_not_lie_and_who_may_read_it(tmp_path):
    place = Place(tmp_path / "home", {})
    place.home.mkdir()
    inside = place.openpractice("backup", place.home / "backup")
    assert "belongs on another disk" in inside.stderr
    done(place.openpractice("backup", tmp_path / "backup"))
    assert os.stat(tmp_path / "backup").st_mode & 0o777 == 0o600
    assert "exists already" in place.openpractice("backup", tmp_path / "backup").stderr
    short = openpractice(place, "backup", tmp_path / "other", "--encrypt", OPENPRACTICE_BACKUP_PASSPHRASE="short")
    assert "12 characters" in short.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_killed_backup_leaves_no_file_and_is_swept_up(tmp_path):
    place = Place(tmp_path / "home", {})
    place.home.mkdir()
    place.run(UP.format(str(place.home)))
    (place.home / "inbox" / "published").mkdir(parents=True)
    (place.home / "inbox" / "published" / "large.csv").write_bytes(os.urandom(80_000_000))
    program = place.begin(
        "import sys; from openpractice.cli.program import run; sys.exit(run(['--home', sys.argv[1], 'backup', sys.argv[2]]))",
        place.home, tmp_path / "backup",
    )  # fmt: skip
    until = time.monotonic() + 60
    while not (tmp_path / ".backup.part").exists() and time.monotonic() < until:
        time.sleep(0.01)
    program.kill()
    program.communicate()
    assert not (tmp_path / "backup").exists()
    done(place.openpractice("backup", tmp_path / "backup"))
    assert list(place.home.glob(".backup-*")) == []
