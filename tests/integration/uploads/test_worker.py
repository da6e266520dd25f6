"""The worker: it reads what waits, and whatever becomes of it, nothing that was acknowledged is lost or read by halves."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.integration.uploads.desk import (
    REPOSITORY,
    SECONDS,
    SOURCES,
    children,
    is_running,
    paused_child,
    resume,
    waited_for,
)

PAYMENTS, DAILY = SOURCES / "payments_22-23.csv", SOURCES / "gpad_daily.csv"


@contextmanager
def another_writes(home: Path) -> Iterator[None]:
    """Somebody else is in the middle of a load."""
    with (home / "writer.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def loaded_files(home) -> list[str]:
    """The names of the files that are in the store."""
    if not (home / "catalogue.sqlite").exists():
        return []
    with closing(sqlite3.connect(home / "catalogue.sqlite")) as store:
        if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'files'").fetchone():
            return []
        return [name for (name,) in store.execute("SELECT name FROM files WHERE status = 'loaded' ORDER BY id")]


def test_files_are_read_and_accounted_for_and_deleted(either):
    numbers = [either.receive(path) for path in (PAYMENTS, REPOSITORY / "README.md", PAYMENTS)]
    assert len(either.files()) == 3
    assert {path.stat().st_mode & 0o777 for path in either.files()} == {0o600}
    with either.worker():
        loaded, refused, same = (either.until(one, "loaded", "refused", "unchanged", "failed") for one in numbers)
    [account] = loaded["account"]
    assert (loaded["state"], account["rows_read"], account["rows_kept"], account["rows_refused"]) == (
        "loaded",
        18,
        11,
        7,
    )
    assert account["name"] == "payments_22-23.csv"
    assert account["periods"] == ["2023-03"]
    assert account["refusals"][0]["example"].startswith("line 13: Y63,")
    assert (refused["state"], same["state"]) == ("refused", "unchanged")
    assert "README.md is not a file OpenPractice knows" in refused["error"]
    assert either.files() == []
    assert [action for action, _ in either.ask("recorded")][-6:] == [
        *["upload_arrived"] * 3, "upload_loaded", "upload_refused", "upload_loaded"
    ]  # fmt: skip


def test_what_is_cancelled_while_it_waits_is_never_read(either):
    number = either.receive(PAYMENTS)
    either.ask("cancel", number)
    assert either.show(number)["state"] == "cancelled"
    assert either.files() == []
    other = either.receive(DAILY)
    with either.worker():
        either.until(other, "loaded")
    assert either.show(number)["state"] == "cancelled"


def test_what_is_cancelled_while_it_is_read_leaves_nothing(either):
    number = either.receive(PAYMENTS)
    with either.worker() as worker:
        child = paused_child(worker.pid)
        either.until(number, "reading")
        either.ask("cancel", number)
        either.until(number, "cancelled")
        assert not is_running(child)
        other = either.receive(DAILY)
        either.until(other, "loaded")
    assert either.ask("recorded").count(["upload_cancelled", str(number)]) == 1
    assert loaded_files(either.home) == ["gpad_daily.csv"]
    assert either.files() == []


def test_after_a_killed_worker_the_next_one_reads_it_again(either):
    number = either.receive(PAYMENTS)
    with either.worker() as worker:
        child = paused_child(worker.pid)
        either.until(number, "reading")
        worker.kill()
        worker.wait(timeout=SECONDS)
        os.kill(child, signal.SIGCONT)
        waited_for(lambda: not is_running(child))  # it ends with its worker
    assert len(either.files()) == 1
    assert loaded_files(either.home) == []
    with either.worker():
        read = either.until(number, "loaded")
    assert read["attempts"] == 2
    assert read["account"][0]["rows_kept"] == 11
    assert loaded_files(either.home) == ["payments_22-23.csv"]
    assert either.files() == []


def test_what_was_loaded_before_the_worker_died_keeps_its_account(desk):
    """The store has changed, and the worker dies before it can say so: reading again finds nothing new."""
    number = desk.receive(PAYMENTS)
    [kept] = desk.files()
    subprocess.run(
        [sys.executable, "-m", "openpractice", "--home", desk.home, "ingest", kept],
        check=True,
        env=desk.environment,
        capture_output=True,
    )
    with closing(sqlite3.connect(desk.home / "openpractice.sqlite3")) as database, database:
        database.execute(
            "UPDATE uploads_upload SET state = 'reading', reader = 'dead', attempts = 1, heartbeat = '2026-01-01 00:00:00'"
        )
        database.execute("UPDATE django_tasks_database_dbtaskresult SET status = 'RUNNING'")
    with desk.worker():
        read = desk.until(number, "loaded", "unchanged", "failed")
    assert (read["state"], read["account"][0]["rows_kept"]) == ("loaded", 11)


def test_a_worker_that_is_told_to_stop_puts_back_what_it_reads(desk):
    number = desk.receive(PAYMENTS)
    with desk.worker() as worker:
        paused_child(worker.pid)
        desk.until(number, "reading")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=SECONDS) == 0
    shown = desk.show(number)
    assert (shown["state"], shown["reader"], shown["attempts"]) == ("waiting", "", 0)
    with desk.worker():
        assert desk.until(number, "loaded")["attempts"] == 1


def test_a_worker_beside_a_server_ends_with_it(desk):
    number = desk.receive(PAYMENTS)
    with desk.worker("--beside", stdin=subprocess.PIPE) as worker:
        child = paused_child(worker.pid)
        desk.until(number, "reading")
        worker.stdin.close()  # as it is closed when the server is killed
        assert worker.wait(timeout=SECONDS) == 0
        assert not is_running(child)
    assert desk.show(number)["state"] == "waiting"


def test_while_another_writes_to_the_store_it_waits(desk):
    with desk.worker():
        with another_writes(desk.home):
            number = desk.receive(PAYMENTS)
            waited_for(lambda: "another load" in desk.show(number)["doing"])
        assert desk.until(number, "loaded", "failed")["state"] == "loaded"


def test_while_the_disk_gives_trouble_it_is_kept_and_tried_again(desk):
    number = desk.receive(PAYMENTS)
    (desk.home / "facts").symlink_to("/sys/kernel")  # where nobody may make anything
    with desk.worker(says=["An upload could not be read", "PermissionError"]):
        shown = waited_for(lambda: found if "its disk" in (found := desk.show(number))["doing"] else None)
        assert (shown["state"], len(desk.files())) == ("waiting", 1)
        (desk.home / "facts").unlink()
        assert desk.until(number, "loaded", "refused", "failed")["state"] == "loaded"


def test_what_is_cancelled_while_another_writes_is_cancelled_at_once(desk):
    number = desk.receive(PAYMENTS)
    with another_writes(desk.home), desk.worker():
        waited_for(lambda: "another load" in desk.show(number)["doing"])
        desk.ask("cancel", number)
        desk.until(number, "cancelled")
    assert desk.ask("recorded").count(["upload_cancelled", str(number)]) == 1


def test_what_was_cancelled_when_its_worker_died_is_not_read_again(desk):
    number = desk.receive(PAYMENTS)
    with closing(sqlite3.connect(desk.home / "openpractice.sqlite3")) as database, database:
        database.execute(
            "UPDATE uploads_upload SET state = 'reading', reader = 'dead', attempts = 1, heartbeat = '2026-01-01 00:00:00'"
        )
        database.execute("UPDATE django_tasks_database_dbtaskresult SET status = 'RUNNING'")
    desk.ask("cancel", number)
    assert ["upload_cancelled", str(number)] not in desk.ask("recorded")
    with desk.worker():
        desk.until(number, "cancelled")
    assert ["upload_cancelled", str(number)] in desk.ask("recorded")
    assert not (desk.home / "catalogue.sqlite").exists()


def test_two_workers_never_read_the_same(either):
    numbers = [either.receive(path) for path in (PAYMENTS, DAILY, SOURCES / "qof_2017-18.csv", SOURCES / "cqc.csv")]
    with either.worker(), either.worker():
        for number in numbers:
            assert either.until(number, "loaded", "failed", "refused")["state"] == "loaded"
    assert sorted(action for action, _ in either.ask("recorded")).count("upload_loaded") == 4


def test_an_ingest_that_dies_by_itself_is_told_and_can_be_tried_again(desk):
    number = desk.receive(PAYMENTS)
    with desk.worker() as worker:
        os.kill(paused_child(worker.pid), signal.SIGKILL)
        failed = desk.until(number, "failed")
        assert "ended without a word (signal 9)" in failed["error"]
        assert len(desk.files()) == 1
        desk.ask("again", number)
        assert desk.until(number, "loaded")["error"] == ""
    assert ["upload_again", str(number)] in desk.ask("recorded")


def test_a_file_that_takes_too_long_is_refused(desk):
    number = desk.receive(PAYMENTS)
    with desk.worker() as worker:
        child = paused_child(worker.pid)
        waited_for(
            lambda: "Max cpu time              1800" in Path(f"/proc/{child}/limits").read_text() or resume(worker.pid)
        )
        resource.prlimit(child, resource.RLIMIT_CPU, (0, resource.RLIM_INFINITY))
        resume(worker.pid)
        refused = desk.until(number, "refused", "failed", "loaded")
    assert (refused["state"], desk.files()) == ("refused", [])
    assert "took too long: after 30 minutes" in refused["error"]


def test_a_file_at_which_the_worker_dies_each_time_does_not_stop_all_others(desk):
    number, other = desk.receive(PAYMENTS), desk.receive(DAILY)
    with closing(sqlite3.connect(desk.home / "openpractice.sqlite3")) as database, database:
        database.execute("UPDATE uploads_upload SET attempts = 3 WHERE id = ?", [number])
    with desk.worker():
        assert "broken off 3 times" in desk.until(number, "failed")["error"]
        desk.until(other, "loaded")


def test_a_file_that_is_gone_is_said_to_be_gone(desk):
    number = desk.receive(PAYMENTS)
    desk.files()[0].unlink()
    with desk.worker():
        assert "Upload it again." in desk.until(number, "failed")["error"]


def test_what_nobody_waits_for_is_swept_when_a_worker_starts(desk):
    orphan = desk.home / "own" / "Y99001" / "arrived" / ("0" * 32) / "patients.csv"
    orphan.parent.mkdir(parents=True)
    orphan.write_text("999 123 4567\n")
    number = desk.receive(PAYMENTS)
    with desk.worker():
        waited_for(lambda: not orphan.exists())
        desk.until(number, "loaded")


def test_what_is_coming_in_at_this_moment_is_not_swept(desk):
    arrived = desk.home / "arrived"
    coming = arrived / ("1" * 32) / "half.csv"
    coming.parent.mkdir(parents=True)
    coming.write_text("a,b\n")
    with (arrived / ".receiving").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        number = desk.receive(PAYMENTS)
        with desk.worker():
            desk.until(number, "loaded")
    assert coming.exists()


def test_the_account_holds_no_place_of_the_server(desk):
    number = desk.receive(PAYMENTS)
    with desk.worker():
        read = desk.until(number, "loaded")
    assert str(desk.home) not in json.dumps(read)


def test_an_idle_worker_has_no_children(desk):
    number = desk.receive(DAILY)
    with desk.worker() as worker:
        desk.until(number, "loaded")
        assert children(worker.pid) == []


def test_while_a_home_is_restored_nothing_is_made_there(tmp_path):
    with (tmp_path / "running.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for verb in (["worker"], ["administrator", "una@practice.example"]):
            command = [sys.executable, "-m", "openpractice", "--home", str(tmp_path), *verb]
            ran = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
            assert (ran.returncode, "is being restored" in ran.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["running.lock"]
