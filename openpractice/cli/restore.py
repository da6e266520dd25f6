"""`openpractice restore`: a backup takes the place of what is there."""

from __future__ import annotations

import datetime
import os
import secrets
from pathlib import Path

import click

from openpractice.cli.backup import passphrase


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put aside what is there, and take its place. Nothing is deleted.")
@click.option("--passphrase-file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Its first line.")
@click.pass_context
def verb(ctx: click.Context, file: Path, replace: bool, passphrase_file: Path | None) -> None:
    """Put back what 'backup' saved, into the store's folder and the database.

    The whole file is verified before anything is changed. Then each store is opened and the record is followed from its
    first entry to its last. Stop servers and workers first.
    """
    home: Path = ctx.find_root().obj.resolve()
    # What is there may not even be readable; and a key made now would lie in the way.
    os.environ["OPENPRACTICE_HOME"] = str(home)
    given = os.environ.get("OPENPRACTICE_SECRET_KEY")
    os.environ["OPENPRACTICE_SECRET_KEY"] = given or secrets.token_urlsafe(50)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpractice.web.config.settings")
    import django

    django.setup()
    from openpractice.web.config import seeing
    from openpractice.web.config.backup import restoring

    when = f"{datetime.datetime.now():%Y%m%d_%H%M%S}"
    with seeing.across():
        about, put = restoring.restore(home, file, passphrase(passphrase_file), when, replace=replace)
        whole = _verified(home, about, file)
    _say(home, about, put)
    if not whole:
        ctx.exit(2)


def _verified(home: Path, about: dict, file: Path) -> bool:
    """Follow the record to the entry that the backup names, and write down that it was restored."""
    from django.db import transaction

    from openpractice.web.audit import record
    from openpractice.web.audit.chain import Noted
    from openpractice.web.audit.models import Action
    from openpractice.web.config import database

    database.bring_up_to_date(home)
    noted = about["record"]
    verdict = record.verify(Noted(noted["entries"], noted["hash"]) if noted["entries"] else None)
    if verdict.broken:
        click.echo(
            f"openpractice: The record is broken at entry {verdict.broken.number}: {verdict.broken.why}.", err=True
        )
        return False
    with transaction.atomic():
        record.write(Action.RESTORED, who="the installation", made=about["made"], entries=verdict.entries)
    return True


def _say(home: Path, about: dict, put: list[str]) -> None:
    from openpractice.render.words import plural

    noted, own = about["record"], sum(name != "." for name in about["stores"])
    click.echo(f"Restored into {home} what was saved at {about['made']}.")
    for name, store in about["stores"].items():
        whose = "Published facts" if name == "." else f"The own data of {Path(name).name}"
        click.echo(f"- {whose}: version {store['version']}, {plural(store['results'], 'result', 'results')}.")
    if noted["entries"]:
        click.echo(f"- The record, whole up to its entry then: {noted['entries']}:{noted['hash']}")
    if own and not about["keys"]:
        click.echo("- Without the practices' keys: nobody can find out whom a pseudonym stands for.")
    for place in put:
        click.echo(f"What was there is now in {place}. Delete it when you do not need it any more.")
