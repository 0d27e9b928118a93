"""Rows for tests, each complete by itself; what a test is about is given by name."""

import datetime
import random
import uuid
from collections.abc import Callable
from typing import Any

import models

NOW = datetime.datetime(2027, 1, 15, 9, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=14)


def ids(seed: int) -> Callable[[], uuid.UUID]:
    """Ids one after another, the same for the same seed."""
    draw = random.Random(seed)
    return lambda: uuid.UUID(int=draw.getrandbits(128), version=4)


def stamped(**values: Any) -> dict[str, Any]:
    """An id and times for a row."""
    return {"id": uuid.uuid4(), "created_at": NOW} | values


def changing(**values: Any) -> dict[str, Any]:
    return stamped(changed_at=NOW) | values


def region(**values: Any) -> models.Region:
    return models.Region(
        **changing(code="savonlinna", name="Savonlinna", country="FI", town="Savonlinna",
                   latitude=61.87, longitude=28.88) | values
    )  # fmt: skip


def centre(home: models.Region, **values: Any) -> models.Centre:
    return models.Centre(
        **changing(region_id=home.id, code="samiedu", name="Samiedu", town="Savonlinna") | values
    )


def apprentice(school: models.Centre, **values: Any) -> models.Apprentice:
    return models.Apprentice(
        **changing(
            centre_id=school.id, key="fi-01", first_name="Aino", last_name="Virtanen",
            birth_date=datetime.date(2008, 5, 1), occupations=["7223"], languages={"en": "B1"},
            available_from=datetime.date(2027, 3, 1), available_to=datetime.date(2027, 6, 30),
            days_min=28, days_ideal=56, days_max=84, activity="SHORT_TERM",
            status="STUDENT_PLACEMENT",
        ) | values
    )  # fmt: skip


def company(home: models.Region, **values: Any) -> models.Company:
    return models.Company(
        **changing(region_id=home.id, key="c-1", name="Metalli Oy", town="Savonlinna") | values
    )


def site(host: models.Company, **values: Any) -> models.Site:
    return models.Site(**changing(company_id=host.id, name="Pajatie", town="Savonlinna") | values)


def offer(place: models.Site, **values: Any) -> models.Offer:
    return models.Offer(
        **changing(
            site_id=place.id, key="o-1", title="CNC turning", occupations=["7223"],
            languages={"en": "A2"}, days_min=14, days_max=84,
        ) | values
    )  # fmt: skip


def window(of: models.Offer, **values: Any) -> models.OfferWindow:
    return models.OfferWindow(
        **changing(
            offer_id=of.id, available_from=datetime.date(2027, 3, 1),
            available_to=datetime.date(2027, 7, 31), places=2,
        ) | values
    )  # fmt: skip


def call(**values: Any) -> models.Call:
    return models.Call(
        **changing(
            code="2027", name="Spring 2027", closes_on=datetime.date(2027, 1, 31),
            stays_from=datetime.date(2027, 2, 1), stays_to=datetime.date(2027, 8, 31),
        ) | values
    )  # fmt: skip


def account(**values: Any) -> models.User:
    return models.User(**changing(name="Admin", role=models.Role.ADMIN) | values)


def proposal(
    during: models.Call, who: models.Apprentice, where: models.OfferWindow, **values: Any
) -> models.Proposal:
    """Without what is sealed of it: `sealing.detailed` stores that."""
    return models.Proposal(
        **changing(
            call_id=during.id, apprentice_id=who.id, window_id=where.id,
            first_day=datetime.date(2027, 3, 1), last_day=datetime.date(2027, 4, 25),
        ) | values
    )  # fmt: skip
