"""The shapes of what programs are given. What a field means stands beside it, and in the description that is published."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field

Number = float | None
Code = Annotated[str, Field(description="The ODS code of the area; ENG is England.", examples=["A81002"])]
Month = Annotated[str, Field(description="A month.", examples=["2026-02"], pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")]


class Area(BaseModel):
    """A practice, a network or another place on the tree, with its parents today."""

    code: Code
    level: str = Field(description="practice, pcn, sub_icb, icb, region or nation.")
    name: str
    postcode: str
    pcn: str = Field(description="The code of its primary care network today; empty for none.")
    sub_icb: str
    icb: str
    region: str
    opened: str
    closed: str
    status: str = Field(description="active, closed, dormant or proposed.")
    patients: Number = Field(description="Registered patients in the newest list.")
    latitude: Number
    longitude: Number
    page: str = Field(description="The address of its page.")


class Areas(BaseModel):
    """Places, in an order that stays the same."""

    areas: list[Area]
    next: str | None = Field(description="The address of the next page; null on the last.")
    version: int = Field(description="The version of the facts that this rests on.")


class Reach(BaseModel):
    """At one level: from when to when there are figures, and of how many areas in the last month."""

    level: str
    first: Month
    last: Month
    areas: int


class Listed(BaseModel):
    """A measure in the catalogue."""

    name: str = Field(examples=["calls_missed"])
    title: str
    topic: str
    question: str
    unit: str
    direction: str = Field(description="What is better: increase, decrease, or neutral for neither.")
    status: str
    definition: str = Field(description="Its name and version, such as “calls_missed v1”.")
    available: bool = Field(description="Whether any figure of it is loaded here.")
    page: str


class Measures(BaseModel):
    """The catalogue."""

    measures: list[Listed]
    version: int


class Example(BaseModel):
    """A small table in, an answer out; every engine is tested with it."""

    rows: list[dict[str, Any]]
    patients: dict[str, float]
    numerator: float
    denominator: float
    value: float
    arithmetic: str


class Source(BaseModel):
    """A publication that can feed the measure."""

    name: str
    title: str
    publisher: str
    page: str
    licence: str


class Measure(Listed):
    """One measure in full."""

    why: str
    formula: str
    numerator: str
    denominator: str
    version: str = Field(description="The version of the definition.")
    reviewed: str
    source: str
    caveats: list[str]
    dimensions: list[str] = Field(description="What `by` can split it by, where the loaded files say it.")
    example: Example
    sources: list[Source]
    reach: list[Reach]


class Result(BaseModel):
    """One measure of one area in one month, with what is needed to trust it."""

    measure: str
    area: str
    area_name: str
    level: str
    period: Month
    numerator: Number
    denominator: Number
    value: Number
    unit: str
    coverage: Number = Field(description="The share of the area's patients that the figure speaks for, 0 to 1.")
    unknown: Number = Field(description="The share that could not be classified, 0 to 1.")
    confidence: str = Field(description="How far to trust it: High, Medium or Low.")
    definition: str
    by: dict[str, str] = Field(description="What the figure was split by; empty for the whole.")
    page: str = Field(description="Where a person can open this number.")


class Results(BaseModel):
    """Figures, in an order that stays the same."""

    results: list[Result]
    next: str | None = Field(description="The address of the next page; null on the last.")
    version: int = Field(description="The version of the facts that this rests on.")


class Group(BaseModel):
    """The values of a group of areas in one month, and where this area stands among them."""

    key: str = Field(description="alike, network, local or england.")
    label: str
    n: int
    p10: Number
    p25: Number
    p50: Number
    p75: Number
    p90: Number
    below: int = Field(description="Areas with a smaller value.")
    above: int
    percentile: Number = Field(description="0 to 100; a place, not a judgement.")


class Compared(BaseModel):
    """One measure of the area, beside each group that it can fairly be set beside."""

    measure: str
    title: str
    period: str | None
    numerator: Number
    denominator: Number
    value: Number
    unit: str
    confidence: str | None
    definition: str
    variation: str | None = Field(description="Whether its own last months have changed; null for too few.")
    variation_words: str
    funnel: str | None = Field(description="Where it stands among the limits of chance for its size.")
    groups: list[Group]
    notes: list[str]
    page: str


class Comparison(BaseModel):
    """An area beside those most alike, its network, its neighbours and England."""

    area: Area
    measures: list[Compared]
    version: int
