"""Organisations, who belonged to whom and when, and the other names that areas go by."""

from openpractice.kinds import Column, Table

ORGANISATIONS = Table(
    name="organisations",
    title="Organisations",
    meaning="Names, postcodes and dates of practices, networks, sub-ICB locations, ICBs and regions, as a file gave "
    "them. `as_of` is the running month number of the file; the latest file is believed.",
    dated=False,
    columns=(
        Column("area_code", "text", "ODS code"),
        Column("level", "category", "Level on the Area tree"),
        Column("name", "text", "Name as published"),
        Column("postcode", "text", "Postcode"),
        Column("opened", "text", "Opened, YYYY-MM-DD"),
        Column("closed", "text", "Closed, YYYY-MM-DD"),
        Column(
            "status", "category", "active · closed · dormant · proposed", ("active", "closed", "dormant", "proposed")
        ),
        Column("as_of", "number", "Running month number that this was said of"),
    ),
)

MEMBERSHIPS = Table(
    name="memberships",
    title="Who belonged to whom",
    meaning="`child` belonged to `parent` from the month `as_of` on, until another file or row says otherwise. An empty "
    "parent ends a membership.",
    dated=False,
    columns=(
        Column("child", "text", "ODS code of the member"),
        Column("child_level", "category", "Its level"),
        Column("parent", "text", "ODS code of the parent, or NULL"),
        Column("parent_level", "category", "The parent's level"),
        Column("as_of", "number", "Running month number from which this held"),
    ),
)

ALIASES = Table(
    name="aliases",
    title="Other codes of the same area",
    meaning="ONS codes (E54…) beside ODS codes (QHM), and codes of a practice that another succeeded.",
    dated=False,
    columns=(
        Column("alias", "text", "The other code"),
        Column("level", "category", "Level of the area"),
        Column("area_code", "text", "ODS code used here"),
        Column("kind", "category", "ons · succeeded", ("ons", "succeeded")),
    ),
)
