"""`openpractice administrator`: the first person, who lets in all others."""

from __future__ import annotations

import os
from pathlib import Path

import click


@click.command("administrator")
@click.argument("email")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Where people open this site.")
@click.pass_context
def verb(ctx: click.Context, email: str, address: str) -> None:
    """Invite somebody to run this installation.

    Prints a link that works once, for that email address, for seven days. Whoever opens it chooses a password, and can
    then add practices and other organisations and appoint whoever answers for each.
    """
    home: Path = ctx.find_root().obj
    home.mkdir(parents=True, exist_ok=True)
    os.environ["OPENPRACTICE_HOME"] = str(home.resolve())
    from openpractice.web.config import database
    from openpractice.web.config.occupied import running

    ctx.with_resource(running(home))  # before anything is written: it may be being restored
    database.bring_up_to_date(home)
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.urls import reverse

    from openpractice.web.organisations import inviting
    from openpractice.web.organisations.rules import NotAllowed

    try:
        validate_email(email)
        token = inviting.invite_administrator(email=email)
    except ValidationError:
        raise click.UsageError(f"{email} is not an email address.") from None
    except NotAllowed as why:
        raise click.ClickException(str(why)) from None
    click.echo(f"Send this link to {email}. It works once, for seven days:")
    click.echo(address.rstrip("/") + reverse("invitation", args=[token]))
