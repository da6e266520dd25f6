"""The account that every ingest gives: rows read = kept + refused, each refusal with its reason and first example."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Refusal:
    reason: str
    count: int
    example: str


@dataclass(frozen=True)
class Account:
    """What became of one file. `status`: loaded · unchanged (these bytes are already in the store) · refused."""

    path: str
    source: str | None
    status: str
    rows_read: int = 0
    rows_kept: int = 0
    rows_refused: int = 0
    refusals: tuple[Refusal, ...] = ()
    periods: tuple[str, ...] = ()
    reason: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what was left out on purpose, and what the file replaced

    def as_json(self) -> dict:
        record = asdict(self)
        record["refusals"] = [asdict(r) for r in self.refusals]
        record["periods"] = list(self.periods)
        record["notes"] = list(self.notes)
        return record
