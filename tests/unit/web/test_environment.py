"""Settings from the environment: defaults, refusals in plain words."""

import stat

import pytest

from openpractice.web.config import environment
from openpractice.web.config.settings_table import SETTINGS


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)


def test_every_setting_is_named_for_us_and_explained():
    for setting in SETTINGS:
        assert setting.name.startswith("OPENPRACTICE_")
        assert setting.default
        assert setting.meaning.endswith(".")


def test_a_switch_is_yes_or_no(monkeypatch):
    assert environment.yes("OPENPRACTICE_DEBUG") is False
    monkeypatch.setenv("OPENPRACTICE_DEBUG", "Yes")
    assert environment.yes("OPENPRACTICE_DEBUG") is True
    monkeypatch.setenv("OPENPRACTICE_DEBUG", "perhaps")
    with pytest.raises(environment.SettingError, match="OPENPRACTICE_DEBUG is 'perhaps'"):
        environment.yes("OPENPRACTICE_DEBUG")


def test_names_are_parted_by_commas(monkeypatch):
    monkeypatch.setenv("OPENPRACTICE_ALLOWED_HOSTS", "a.example, b.example,")
    assert environment.names("OPENPRACTICE_ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_the_key_is_made_once_and_read_by_nobody_else(tmp_path):
    key = environment.secret_key(tmp_path)
    assert len(key) > 50
    assert environment.secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_given_key_is_not_written_down(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENPRACTICE_SECRET_KEY", "given")
    assert environment.secret_key(tmp_path) == "given"
    assert not (tmp_path / "secret-key").exists()


def test_an_empty_key_is_refused(tmp_path):
    (tmp_path / "secret-key").touch()
    with pytest.raises(environment.SettingError, match="is empty"):
        environment.secret_key(tmp_path)


def test_a_home_that_cannot_be_made_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("OPENPRACTICE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(environment.SettingError, match="OPENPRACTICE_HOME cannot be made"):
        environment.home()


def test_databases(tmp_path, monkeypatch):
    assert environment.database(tmp_path)["NAME"] == tmp_path / "openpractice.sqlite3"
    monkeypatch.setenv("OPENPRACTICE_DATABASE_URL", "sqlite:////srv/practice.sqlite3")
    assert environment.database(tmp_path)["NAME"] == "/srv/practice.sqlite3"
    monkeypatch.setenv("OPENPRACTICE_DATABASE_URL", "postgresql://anna:p%40ss@db.example:5433/practice")
    assert environment.database(tmp_path) == {
        "ENGINE": "openpractice.web.config.postgresql",
        "NAME": "practice",
        "USER": "anna",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {},
    }
    monkeypatch.setenv("OPENPRACTICE_DATABASE_URL", "mysql://x/y")
    with pytest.raises(environment.SettingError, match="sqlite or postgresql"):
        environment.database(tmp_path)


@pytest.mark.parametrize("name", ["OPENPRACTICE_DATABASE_URL", "OPENPRACTICE_DATABASE_OWNER_URL"])
def test_what_stands_behind_the_question_mark_holds_or_is_refused(tmp_path, monkeypatch, name):
    address = "postgresql://anna@db.example/practice"
    monkeypatch.setenv("OPENPRACTICE_DATABASE_URL", address)
    read = {"OPENPRACTICE_DATABASE_URL": lambda: environment.database(tmp_path)}.get(name, environment.database_owner)
    monkeypatch.setenv(name, f"{address}?sslmode=verify-full&sslrootcert=%2Fetc%2Fours.pem")
    assert read()["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ours.pem"}
    for wrong in ("sslmod=require", "options=-c%20role%3Dpostgres", "host=elsewhere"):
        monkeypatch.setenv(name, f"{address}?{wrong}")
        with pytest.raises(environment.SettingError, match=f"{name} has"):
            read()


def test_an_sqlite_has_nothing_behind_a_question_mark(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENPRACTICE_DATABASE_URL", "sqlite:////srv/practice.sqlite3?mode=ro")
    with pytest.raises(environment.SettingError, match="'mode' behind its question mark"):
        environment.database(tmp_path)
