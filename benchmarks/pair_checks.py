"""How long it takes to look at one pair, or at one person's suggestions, in a large database.

`python -m benchmarks.pair_checks [APPRENTICES OFFERS]`, 10000 and 4000 if not given.
"""

import datetime
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel

import models
from api import store
from api.database import connect, transaction
from api.services import pairs
from matcher.problem import Problem
from models import migrations
from seed_data.problems import generate

NOW = datetime.datetime(2027, 1, 15, 9, 0, tzinfo=datetime.UTC)


def main(people: int = 10_000, offers: int = 4_000) -> None:
    """Fill a database, and print the median of some looks."""
    problem = generate(people, offers, seed=1)
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'large.db'}")
        migrations.upgrade(engine)
        made = rows_of(problem)
        with transaction(engine) as session:
            store.rows.add_in_order(session, store.sealed.as_rows(session, made, NOW))
        who = [row.id for row in made if isinstance(row, models.Apprentice)][:10]
        where = [row.id for row in made if isinstance(row, models.OfferWindow)][:10]
        (call,) = [row.id for row in made if isinstance(row, models.Call)]
        day = problem.today
        looks: dict[str, Callable[[Session, int], object]] = {
            "one pair": lambda session, n: pairs.look_at(
                pairs.problem_of_pair(session, call, who[n], where[n], day)
            ),
            "is somebody free": lambda session, n: store.calls.is_free(session, call, who[n]),
            "suggestions": lambda session, n: pairs.suggestions(session, call, who[n], day),
            "other hosts": lambda session, n: pairs.other_hosts(
                session, call, who[n], day, (datetime.date(2027, 4, 5), datetime.date(2027, 5, 2))
            ),
        }  # fmt: skip
        for name, look in looks.items():
            print(f"{name:20} {1000 * statistics.median(_times(engine, look)):8.1f} ms")


def _times(engine: Any, look: Callable[[Session, int], object]) -> list[float]:
    """Seconds of ten looks, each in a transaction of its own; the first one warms up."""
    found = []
    for n in range(10):
        begin = time.perf_counter()
        with transaction(engine, writes=False) as session:
            look(session, n)
        found.append(time.perf_counter() - begin)
    return found[1:]


def rows_of(problem: Problem) -> list[SQLModel | models.Needs]:
    """The rows that stand behind a problem, each after those that it points to.

    Among them are what people need: it is sealed when it is stored.
    """
    numbers = count(1)

    def changing(**values: Any) -> dict[str, Any]:
        return {"id": uuid.UUID(int=next(numbers)), "created_at": NOW, "changed_at": NOW} | values

    countries = {row.region: row.country for row in problem.apprentices}
    countries |= {row.region: row.country for row in problem.offers}
    regions = {
        code: models.Region(**changing(
            code=code, name=code, country=country, town=code, latitude=50.0, longitude=9.0
        )) for code, country in countries.items()
    }  # fmt: skip
    centres = {
        code: models.Centre(**changing(region_id=row.id, code=code, name=code, town=code))
        for code, row in regions.items()
    }
    homes = {row.company: row.region for row in problem.offers}
    companies = {
        key: models.Company(**changing(
            region_id=regions[home].id, key=key, name=key, town=home, verified_at=NOW,
            verified_by="somebody",
        )) for key, home in homes.items()
    }  # fmt: skip
    sites = {
        key: models.Site(**changing(company_id=row.id, name=key, town=row.town))
        for key, row in companies.items()
    }
    call = models.Call(**changing(
        code="large", name="large", closes_on=problem.today, status="open",
        stays_from=datetime.date(2026, 1, 1), stays_to=datetime.date(2029, 1, 1),
    ))  # fmt: skip
    people, needs, enrolments = [], [], []
    shared = models.ApprenticeFields.model_fields.keys()
    for one in problem.apprentices:
        values = one.model_dump(mode="json", include=shared - {"birth_date"})
        days = {f"days_{name}": getattr(one.days, name) for name in ("min", "ideal", "max")}
        dates = {name: getattr(one, name) for name in (
            "birth_date", "available_from", "available_to", "graduated_on"
        )}  # fmt: skip
        row = models.Apprentice(**changing(
            centre_id=centres[one.region].id, key=one.id, first_name="A", last_name=one.id,
            **values | days | dates | {"interest": {}, "excluded_companies": []},
        ))  # fmt: skip
        people.append(row)
        enrolments.append(models.Enrolment(**changing(
            call_id=call.id, apprentice_id=row.id, status="selected"
        )))  # fmt: skip
        if one.needs:
            told = {code: str(strength) for code, strength in one.needs.items()}
            needs.append(models.Needs(uuid.UUID(int=next(numbers)), row.id, 1, needs=told))
    offers, windows = [], []
    for offer in problem.offers:
        shared = models.OfferFields.model_fields.keys()
        values = offer.model_dump(mode="json", include=shared - {"id"})
        hours: dict[str, Any] = {}
        if offer.hours:
            hours = {"hours_start": offer.hours.start, "hours_end": offer.hours.end,
                     "hours_per_day": offer.hours.per_day,
                     "days_per_week": offer.hours.days_per_week}  # fmt: skip
        made = models.Offer(**changing(
            site_id=sites[offer.company].id, key=offer.id, title=offer.id, status="published",
            **values | hours | {"days_min": offer.days.min, "days_max": offer.days.max},
        ))  # fmt: skip
        offers.append(made)
        windows.append(models.OfferWindow(**changing(
            offer_id=made.id, available_from=offer.available_from,
            available_to=offer.available_to, places=offer.places,
        )))  # fmt: skip
    return [
        *regions.values(), *centres.values(), *companies.values(), *sites.values(), call,
        *people, *needs, *enrolments, *offers, *windows,
    ]  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
