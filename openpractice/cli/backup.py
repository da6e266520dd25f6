"""`openpractice backup`: everything of an installation, as it is at one moment, in one file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from openpractice.kinds import Refused

PASSPHRASE, SHORTEST = "OPENPRACTICE_BACKUP_PASSPHRASE", 12


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--encrypt", is_flag=True, help=f"Seal it with the passphrase in {PASSPHRASE}, or in a file.")
@click.option("--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its first line.")
@click.option("--without-keys", is_flag=True, help="Leave out keys, and files not yet read.")
@click.pass_context
def verb(ctx: click.Context, file: Path, encrypt: bool, passphrase_file: Path | None, without_keys: bool) -> None:
    """Save the database and every store into one file, as they are at one moment.

    Servers and workers go on meanwhile. The file is read back whole before it gets its name, and that it was made is
    written into the record. What can be fetched or made again is left out: downloads, caches.

    --without-keys makes a file from which nobody can find out whom a pseudonym stands for: keys, sealed NHS numbers and
    files that wait to be read are left out. Nor can the practices find out, after it is restored; and records that they
    load then get other pseudonyms than those that are there.
    """
    from openpractice.web.config.backup import archive
    from openpractice.web.config.occupied import running

    home: Path = ctx.find_root().obj.resolve()
    archive.check_new(file)
    if home in file.resolve().parents:
        raise Refused(f"{file} lies in {home}, which it is to save. A backup belongs on another disk.")
    if not home.is_dir():
        raise Refused(f"There is nothing in {home} to save.")
    secret = passphrase(passphrase_file) if encrypt else None
    if encrypt and (not secret or len(secret) < SHORTEST):
        raise Refused(f"--encrypt needs a passphrase of {SHORTEST} characters or more, in {PASSPHRASE} or in a file.")
    ctx.with_resource(running(home))  # before anything is written: it may be being restored
    about, fingerprint = _make(home, file, secret, keys=not without_keys)
    _say(file, about, fingerprint, bool(secret))


def passphrase(file: Path | None) -> str | None:
    """From a file, or from the environment; never from the command line, which others on the machine can read."""
    if file is None:
        return os.environ.get(PASSPHRASE) or None
    lines = file.read_text(encoding="utf-8").splitlines()
    return lines[0].strip() if lines else None


def _make(home: Path, file: Path, secret: str | None, *, keys: bool) -> tuple[dict, str]:
    os.environ["OPENPRACTICE_HOME"] = str(home)
    from openpractice.web.config import database, seeing

    database.bring_up_to_date(home)
    from django.db import transaction

    from openpractice.web.audit.models import Action
    from openpractice.web.audit.record import write
    from openpractice.web.config.backup import archive, whole

    with seeing.across():
        with whole.taken(home, keys=keys) as (about, folder):
            fingerprint = archive.write(file, about, folder, secret)
        with transaction.atomic():
            sealed = "yes" if secret else "no"
            write(
                Action.BACKED_UP,
                who="the installation",
                sha256=fingerprint,
                sealed=sealed,
                keys="yes" if keys else "no",
            )
    return about, fingerprint


def _say(file: Path, about: dict, fingerprint: str, sealed: bool) -> None:
    from openpractice.present.data import size
    from openpractice.render.words import plural

    own = sum(name != "." for name in about["stores"])
    what = [plural(about["record"]["entries"], "entry", "entries") + " of the record"]
    if facts := about["stores"].get("."):
        what.append(f"published facts at version {facts['version']}")
    if own:
        what.append(f"the own data of {plural(own, 'organisation', 'organisations')}")
    click.echo(f"Saved in {file} ({size(file.stat().st_size)}) and read back whole: {', '.join(what)}.")
    click.echo(f"SHA-256 {fingerprint}")
    if not about["keys"]:
        click.echo(
            "Without the keys: nobody can find out from it whom a pseudonym stands for. Files that wait to be read are "
            "not in it."
        )
    elif own and not sealed:
        click.echo(
            "It is not sealed, and holds the keys of the practices. Whoever has the file can name their patients."
        )
