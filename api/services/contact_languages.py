"""Which language people without an account are written to in, where a record leaves it out."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

import models
from models import language_in
from models.base import ChangingRow

FIELDS = ("language", "employer_language")
"""The fields of records that say it."""


def with_languages(
    session: Session, values: Mapping[str, Any], region_id: uuid.UUID
) -> dict[str, Any]:
    """The values of a new record; what was left out is the language of the region's country."""
    return of_country(values, session.get_one(models.Region, region_id).country)


def of_country(values: Mapping[str, Any], country: str) -> dict[str, Any]:
    """The same where the country is known (ISO 3166-1)."""
    return {**values, **dict.fromkeys(_left_out(values), language_in(country))}


def keeping_languages(values: Mapping[str, Any], row: ChangingRow) -> dict[str, Any]:
    """The values for a record that is there; what was left out stays."""
    return {**values, **{name: getattr(row, name) for name in _left_out(values)}}


def _left_out(values: Mapping[str, Any]) -> list[str]:
    return [name for name in FIELDS if name in values and values[name] is None]
