"""Every package that is installed here is the one that is pinned, and within what pyproject.toml allows; offline.

Whether a fault is known in one of them, `make audit` asks the internet.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import metadata

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source_code import REPOSITORY

CONSTRAINTS = REPOSITORY / "requirements" / "constraints.txt"


@cache
def pins() -> dict[str, str]:
    """Package → the version that is pinned for this Python and system."""
    lines = (line.partition("#")[0].strip() for line in CONSTRAINTS.read_text().splitlines())
    found = {}
    for requirement in map(Requirement, filter(None, lines)):
        if requirement.marker is None or requirement.marker.evaluate():
            (pin,) = requirement.specifier
            assert pin.operator == "==", requirement
            found[canonicalize_name(requirement.name)] = pin.version
    return found


@cache
def asked_for() -> tuple[Requirement, ...]:
    """What pyproject.toml names itself."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    groups = project["optional-dependencies"].values()
    named = map(Requirement, [*project["dependencies"], *(one for group in groups for one in group)])
    return tuple(one for one in named if one.name != "openpractice")


@cache
def installed() -> dict[str, str]:
    """Package → version of all that the product and its tests rest on, however far down, as far as it is installed."""
    found: dict[str, str] = {}
    waiting = [(one.name, frozenset(one.extras)) for one in asked_for()]
    seen = set()
    while waiting:
        name, extras = waiting.pop()
        if (key := (canonicalize_name(name), extras)) in seen:
            continue
        seen.add(key)
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system, or an extra that nobody took
        found[key[0]] = distribution.version
        needed = (Requirement(line) for line in distribution.requires or ())
        waiting += [(one.name, frozenset(one.extras)) for one in needed if applies(one, extras)]
    return found


def applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    here = dict(default_environment())
    return requirement.marker is None or any(requirement.marker.evaluate({**here, "extra": e}) for e in (*extras, ""))


def test_everything_that_is_installed_is_pinned_as_it_is():
    assert {name: version for name, version in installed().items() if pins().get(name) != version} == {}


@pytest.mark.parametrize("requirement", asked_for(), ids=lambda one: one.name)
def test_what_is_asked_for_is_installed_within_its_range(requirement):
    name = canonicalize_name(requirement.name)
    assert name in installed(), "it is not installed"
    assert requirement.specifier.contains(installed()[name], prereleases=True)
    upper = {"<", "==", "~=", "<="}
    assert upper & {one.operator for one in requirement.specifier}, (
        "a range needs an end: the next edition may break us"
    )


def test_what_is_pinned_names_no_place():
    """A pin is a name and a version. Where it comes from is for whoever installs to say."""
    assert [line for line in CONSTRAINTS.read_text().splitlines() if "://" in line or " @ " in line] == []
