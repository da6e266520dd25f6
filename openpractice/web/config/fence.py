"""The second fence: PostgreSQL itself shows and takes only rows of the organisations that somebody acts for.

The first fence is the code, which asks for the rows of an organisation. If it ever forgets, this one still holds:
every table below has row-level security, also against the role that owns it, and where nothing is said no row is seen.
Whose rows may be seen is said by `seeing`, from the memberships that are in force at that moment.

A new model gets one line here, in FENCED or in OPEN; a test fails for a model without one. SQLite has no such thing, and
an installation on it rests on the first fence alone. Nor does it stop an attacker who can already run SQL of their own
choice as the application: they can say whom they act for. It stops what forgets to ask.
"""

from __future__ import annotations

import hashlib

from django.apps import apps
from django.db import connection

SEEN = "((SELECT string_to_array(current_setting('openpractice.organisations', true), ','))::text[])"
ALL = "(SELECT current_setting('openpractice.organisations', true) = '*')"
OURS = f"(SELECT id FROM organisations_organisation WHERE code = ANY {SEEN})"
AGREED = "ANY ((SELECT openpractice_agreements_of(current_setting('openpractice.organisations', true)))::bigint[])"
NEVER = "false"

BY_ORGANISATION = f"organisation_id IN {OURS}"
# Model: who may read a row, and who may write it. `across` may both.
FENCED: dict[str, tuple[str, str]] = {
    "audit.Entry": (f"about = ANY {SEEN} OR acting_for = ANY {SEEN}",) * 2,
    "organisations.Membership": (BY_ORGANISATION,) * 2,
    "organisations.Invitation": (BY_ORGANISATION,) * 2,
    "organisations.SecondFactorRule": (BY_ORGANISATION,) * 2,
    # Whoever is party to an agreement reads all of it. Nobody signs for another, and terms never change.
    "agreements.Agreement": (f"id = {AGREED}", NEVER),
    "agreements.Party": (f"agreement_id = {AGREED}", NEVER),
    "agreements.Statement": (
        f"party_id IN (SELECT id FROM agreements_party WHERE agreement_id = {AGREED})",
        f"party_id IN (SELECT id FROM agreements_party WHERE {BY_ORGANISATION})",
    ),
    "agreements.Emergency": (f"owner_id IN {OURS} OR reader_id IN {OURS}",) * 2,
    "agreements.Review": (
        "emergency_id IN (SELECT id FROM agreements_emergency)",  # of those that one sees oneself
        f"emergency_id IN (SELECT id FROM agreements_emergency WHERE owner_id IN {OURS})",
    ),
    "own.Keeping": (BY_ORGANISATION,) * 2,
    "uploads.Upload": (f"organisation_id IS NULL OR {BY_ORGANISATION}",) * 2,  # published files are nobody's
    "api.Token": (BY_ORGANISATION,) * 2,
}
# Model: why it has no fence.
OPEN: dict[str, str] = {
    "organisations.Organisation": "codes and names of organisations are public",
    "accounts.Person": "a person may act for several organisations; asked for before anybody is signed in",
    "account.EmailAddress": "a person's, not an organisation's",
    "account.EmailConfirmation": "a person's, not an organisation's",
    "mfa.Authenticator": "a person's; asked for while signing in",
    "socialaccount.SocialApp": "the installation's own",
    "socialaccount.SocialAccount": "a person's; asked for while signing in",
    "socialaccount.SocialToken": "a person's, not an organisation's",
    "sessions.Session": "asked for before it is known who is there; sealed by its key",
    "auth.Permission": "Django's own words; not used",
    "auth.Group": "Django's own; not used",
    "auth.Group_permissions": "Django's own; not used",
    "contenttypes.ContentType": "Django's own list of models",
    "django_tasks_database.DBTaskResult": "the worker's queue: numbers of uploads, no data of theirs",
    "uploads.Chore": "the worker's own",
}
# Rows are only ever added, so the application's role is not even granted more.
ONLY_ADDED = ("audit.Entry", "agreements.Statement", "agreements.Review", "own.Keeping")

# Functions that cross for one question and then say again what was said before. Only plain codes count, so that none can
# be read as two, or as the sign for all.
_CROSSING = """CREATE OR REPLACE FUNCTION {declared} LANGUAGE plpgsql STABLE AS $$
  DECLARE
    before text := coalesce(current_setting('openpractice.organisations', true), '');
    found {kind};
  BEGIN
    PERFORM set_config('openpractice.organisations', '*', false);
    {question};
    PERFORM set_config('openpractice.organisations', before, false);
    RETURN found;
  END $$"""
FUNCTIONS = (
    _CROSSING.format(
        declared="openpractice_organisations_of(bigint) RETURNS text",
        kind="text",
        question="""
    SELECT coalesce(string_agg(o.code, ',' ORDER BY o.code), '') INTO found
    FROM organisations_membership m
    JOIN organisations_organisation o ON o.id = m.organisation_id
    JOIN accounts_person p ON p.id = m.person_id
    WHERE m.person_id = $1 AND m.ended IS NULL AND o.closed IS NULL AND p.is_active
      AND o.code ~ '^[A-Za-z0-9_-]+$'""",
    ),
    _CROSSING.format(
        declared="openpractice_agreements_of(text) RETURNS bigint[]",
        kind="bigint[]",
        question="""
    SELECT coalesce(array_agg(a.agreement_id), '{}') INTO found
    FROM agreements_party a
    JOIN organisations_organisation o ON o.id = a.organisation_id
    WHERE o.code = ANY (string_to_array($1, ','))""",
    ),
)


def is_up(role: str) -> bool:
    """Whether the database has these very policies, and its grants for the role. True where there is no such thing."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regprocedure('openpractice_organisations_of(bigint)'), 'pg_proc')")
        if cursor.fetchone()[0] != fingerprint():
            return False
        cursor.execute("SELECT has_table_privilege(%s, 'django_migrations', 'SELECT')", [role or "public"])
        return not role or cursor.fetchone()[0]


def put_up(role: str) -> None:
    """Fence the tables, and grant the role what it needs to use them and no more. Run by the tables' owner.

    `role` is empty where the owner is the application: it needs no grants, and the fence holds for it too.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for statement in (*policies(), *(grants(role) if role else ())):
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON FUNCTION openpractice_organisations_of(bigint) IS '{fingerprint()}'")


def fingerprint() -> str:
    return hashlib.sha256("\n".join((*policies(), *grants("the application"))).encode()).hexdigest()


def table(model: str) -> str:
    return apps.get_model(model)._meta.db_table


def policies() -> list[str]:
    """Every statement that puts up the fence; they may be run again."""
    statements = list(FUNCTIONS)
    for model, (read, write) in FENCED.items():
        name = table(model)
        statements += [
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS fence_read ON {name}",
            f"DROP POLICY IF EXISTS fence_write ON {name}",
            f"CREATE POLICY fence_read ON {name} FOR SELECT USING ({ALL} OR {read})",
            f"CREATE POLICY fence_write ON {name} USING ({ALL} OR {write}) WITH CHECK ({ALL} OR {write})",
        ]
    return statements


def grants(role: str) -> list[str]:
    """What the application may do: rows, never tables; and no rows of the migrations, which are the owner's."""
    quoted = connection.ops.quote_name(role)
    added = ", ".join(table(model) for model in ONLY_ADDED)
    return [
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
        f"REVOKE UPDATE, DELETE ON {added} FROM {quoted}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {quoted}",
    ]
