"""What the world is: every table of facts that a source may fill and a measure may read."""

from openpractice.kinds import Table
from openpractice.tables import appointment_book, appointments, areas, calls, context, online, people

ALL: dict[str, Table] = {
    value.name: value
    for module in (appointments, appointment_book, calls, online, people, context, areas)
    for value in vars(module).values()
    if isinstance(value, Table)
}
