"""Values of a problem with plain defaults, so that a test states only what matters to it.

By default the apprentice of `apprentice()` can go to the offer of `offer()`.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from matcher.problem import Apprentice, Offer, Policy, Problem

TODAY = datetime.date(2027, 1, 15)


def region_of(country: str) -> str:
    """The one region that a country has in these tests."""
    return f"region-{country.lower()}"


def apprentice(**changes: Any) -> Apprentice:
    """An adult metal worker from Spain who is free from March to June 2027."""
    row: dict[str, Any] = {
        "id": "A-1",
        "country": "ES",
        "birth_date": "2006-05-01",
        "occupations": ["7223"],
        "languages": {"en": "B1"},
        "available_from": "2027-03-01",
        "available_to": "2027-06-30",
        "days": {"min": 28, "ideal": 56, "max": 84},
        "activity": "SHORT_TERM",
        "status": "STUDENT_PLACEMENT",
    } | changes
    return Apprentice.model_validate({"region": region_of(row["country"])} | row)


def offer(**changes: Any) -> Offer:
    """One place for a metal worker in Germany from March to July 2027."""
    row: dict[str, Any] = {
        "id": "O-1",
        "country": "DE",
        "occupations": ["7223"],
        "languages": {"en": "B1"},
        "available_from": "2027-03-01",
        "available_to": "2027-07-31",
        "days": {"min": 14, "max": 84},
        "places": 1,
    } | changes
    defaults = {"region": region_of(row["country"]), "company": f"company-of-{row['id']}"}
    return Offer.model_validate(defaults | row)


def problem(
    apprentices: Sequence[Apprentice] = (), offers: Sequence[Offer] = (), **changes: Any
) -> Problem:
    """A problem of these rows; `changes` are keys of the policy or of the problem itself.

    The same sector is close enough here, whatever the policy asks for by default.
    """
    policy = {key: value for key, value in changes.items() if key in Policy.model_fields}
    rest = {key: value for key, value in changes.items() if key not in Policy.model_fields}
    content: dict[str, Any] = {
        "today": TODAY,
        "apprentices": tuple(apprentices),
        "offers": tuple(offers),
        "policy": {"min_closeness": 0.3} | policy,
    }
    return Problem.model_validate(content | rest)
