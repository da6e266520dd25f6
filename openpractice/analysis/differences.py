"""Where an area lies far from the practices most alike, or from the other areas of its level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpractice.analysis.compare import Standing
from openpractice.analysis.everyone import value_of
from openpractice.analysis.finding import Finding, certainty_of, meaning_of, weighed, worth_a_look
from openpractice.analysis.groups import Spread
from openpractice.analysis.intervals import interval
from openpractice.analysis.wording import LEVELS_PLURAL, between, month, number, place
from openpractice.kinds import Area, month_no
from openpractice.methods.peers import NORMAL_IQR

LEAST_PEERS, FEW_PEERS = 10, 15  # fewer than these: no finding, and a less certain one
FAR = 1.5  # robust standard deviations from the peers' middle
OLD = 24  # months behind the area's newest figure after which a difference is history
_NEXT = {
    "improvement": "Ask the team how they do this, and offer it to any of the {group} that would like to try.",
    "concern": "Open the comparison, and ask one of the {group} how it works there.",
    "neutral": "Ask whether this is how you mean to work: nothing here says that it is right or wrong.",
}


def differences(area: Area, standings: Sequence[Standing], newest: int) -> Iterable[Finding]:
    """What is unusual in an area's latest figures; `newest` is the month of the newest of them."""
    for standing in standings:
        measure, own = standing.measure, standing.own
        if not worth_a_look(measure, own) or month_no(own.period) < newest - OLD:
            continue
        peers = standing.spreads.get("alike") or standing.spreads.get("england")
        if peers is not None and peers.n >= LEAST_PEERS and (found := _difference(area, standing, peers)):
            yield found


def _difference(area: Area, standing: Standing, peers: Spread) -> Finding | None:
    measure, own, value = standing.measure, standing.own, value_of(standing.own)
    deviation = (peers.p75 - peers.p25) / NORMAL_IQR
    ends = interval(measure, own)
    if not deviation > 0 or ends is None or ends[0] <= peers.p50 <= ends[1]:
        return None  # nothing to tell apart, or no more than a few patients could make
    far = (value - peers.p50) / deviation
    if abs(far) < FAR or peers.p10 <= value <= peers.p90:
        return None
    meaning = meaning_of(measure, far > 0)
    group = "practices most alike" if peers.key == "alike" else f"{LEVELS_PLURAL[area.level]} in England"
    others = peers.n if peers.key == "alike" else peers.n - 1  # among all of England it is itself one
    few = f"only {others} others are compared" if others < FEW_PEERS else ""
    certainty, why = certainty_of(measure, own, few, f"{others:,} others are compared")
    reference = {"middle": peers.p50, "p10": peers.p10, "p90": peers.p90, "lower": ends[0], "upper": ends[1]}
    england = standing.spreads.get("england")
    return Finding(
        kind="difference",
        measure=measure,
        period=own.period,
        title=f"{measure.title}: {place(peers.below, peers.above, group, others)}",
        size=(
            f"{number(value, measure.unit)} in {month(own.period)}; the middle of the {group} is "
            f"{number(peers.p50, measure.unit)}, and 8 in 10 of them lie from {between(peers.p10, peers.p90, measure.unit)}."
        ),
        certainty=certainty,
        why=why,
        next_step=_NEXT[meaning].format(group=group),
        score=weighed(abs(far), meaning, measure.direction, certainty),
        own=own,
        reference=reference | ({"england": england.p50} if england else {}),
        variation=f"{meaning}_{'high' if far > 0 else 'low'}",
        meaning=meaning,
        topic=measure.topic,
    )
