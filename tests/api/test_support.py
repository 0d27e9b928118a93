"""What Erasmus+ would pay for a stay: bands, groups, days, what is missing, what it rests on."""

import datetime
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api import support_facts
from api.database import transaction
from api.services import distances, settings, support
from api.services.problems import OF_POLICY
from api.services.support import Trip, estimate
from matcher.vocabulary import default_reference
from models import RateStatus
from models.support_views import Standing, SupportEstimate
from tests import rows, sealing
from tests.api.alliance import Alliance
from tests.api.roles import a_proposal
from tests.api.roles.support import FIELDS, a_rate
from tests.seed_data.test_demo import read_rows

V1 = "/api/v1"
TRIP = Trip(call_year=2026, km=1242, days=56, activity="SHORT_TERM", country="FI")


def rate(cents: int, year: int = 2026, group: int = 1, **values: Any) -> support.Rates:
    made = models.SupportRate(
        **rows.changing(call_year=year, activity="SHORT_TERM", country_group=group, day_cents=cents)
        | {"status": RateStatus.OFFICIAL, "source": "Agency", "address": "",
           "source_date": datetime.date(2027, 1, 10)} | values
    )  # fmt: skip
    return {(year, "SHORT_TERM", group): made}


def parts(one: SupportEstimate) -> list[tuple[str, int | None, int | None, int]]:
    return [(part.part, part.days, part.day_cents, part.cents) for part in one.parts]


BANDS = {
    2021: {10: (23, 23), 99: (23, 23), 100: (180, 210), 499: (180, 210), 500: (275, 320),
           1999: (275, 320), 2000: (360, 410), 2999: (360, 410), 3000: (530, 610),
           3999: (530, 610), 4000: (820, 820), 7999: (820, 820), 8000: (1500, 1500)},
    2024: {10: (28, 56), 99: (28, 56), 100: (211, 285), 499: (211, 285), 500: (309, 417),
           1999: (309, 417), 2000: (395, 535), 2999: (395, 535), 3000: (580, 785),
           3999: (580, 785), 4000: (1188, 1188), 7999: (1188, 1188), 8000: (1735, 1735)},
}  # fmt: skip
"""Euros for the usual and for the green journey, at both edges of every band."""


@pytest.mark.parametrize(
    ("first", "year"), [(2021, 2021), (2021, 2023), (2024, 2024), (2024, 2031)]
)
def test_the_distance_sets_the_band_from_one_whole_kilometre_to_another(
    first: int, year: int
) -> None:
    for km, (standard, green) in BANDS[first].items():
        for euros, is_green in ((standard, False), (green, True)):
            found = support_facts.travel_band(year, km, green=is_green)
            assert found is not None
            assert (km, found.amount.value) == (km, euros)
            assert found.from_km <= km
            assert found.to_km is None or km <= found.to_km


@pytest.mark.parametrize(("year", "km"), [(2024, 9), (2024, 0), (2020, 500)])
def test_there_is_no_band_below_ten_kilometres_nor_before_the_programme(year: int, km: int) -> None:
    assert support_facts.travel_band(year, km, green=False) is None
    told = estimate(replace(TRIP, call_year=year, km=km), {}, "nearest")
    assert told.missing == ("travel", "day_rate")
    assert (told.total_cents, told.parts) == (0, ())


REGIONS = {row["code"]: (float(row["latitude"]), float(row["longitude"]))
           for row in read_rows("regions.csv", "demo")}  # fmt: skip


@pytest.mark.parametrize(
    ("here", "there", "km", "standard", "green"),
    [
        ("castilla-y-leon", "portugal", 497, 211, 285),
        ("castilla-y-leon", "paderborn", 1515, 309, 417),
        ("castilla-y-leon", "lublin", 2329, 395, 535),
        ("castilla-y-leon", "savonlinna", 3160, 580, 785),
        ("portugal", "paderborn", 2003, 395, 535),
        ("portugal", "lublin", 2825, 395, 535),
        ("portugal", "savonlinna", 3637, 580, 785),
        ("savonlinna", "paderborn", 1653, 309, 417),
        ("savonlinna", "lublin", 1242, 309, 417),
        ("paderborn", "lublin", 957, 309, 417),
    ],
)
def test_from_town_to_town_every_pair_of_partners_is_in_its_band(
    here: str, there: str, km: int, standard: int, green: int
) -> None:
    far = distances.between(REGIONS[here], REGIONS[there])
    assert far == pytest.approx(km, abs=1.5)
    for euros, is_green in ((standard, False), (green, True)):
        trip = replace(TRIP, call_year=2024, km=int(far), green=is_green)
        assert parts(estimate(trip, {}, "nearest")) == [("travel", None, None, euros * 100)]


@pytest.mark.parametrize(
    ("country", "until_2023", "from_2024"),
    [("FI", 1, 1), ("DE", 2, 1), ("ES", 2, 2), ("PT", 2, 2), ("PL", 3, 3), ("NL", 2, 1),
     ("EE", 3, 2), ("NO", 1, 1), ("TR", 3, 3)],
)  # fmt: skip
def test_groups_of_countries_changed_with_call_2024(
    country: str, until_2023: int, from_2024: int
) -> None:
    for year, group in ((2021, until_2023), (2023, until_2023), (2024, from_2024),
                        (2030, from_2024)):  # fmt: skip
        found = support_facts.country_group(year, country)
        assert found is not None
        assert found.value == group
        assert country in support_facts.countries_of(year, group)
    assert support_facts.country_group(2020, country) is None


@pytest.mark.parametrize("year", [2021, 2024])
def test_every_programme_country_is_in_one_group(year: int) -> None:
    grouped = [one for group in (1, 2, 3) for one in support_facts.countries_of(year, group)]
    assert sorted(grouped) == sorted(default_reference().codes("countries"))
    assert support_facts.country_group(year, "US") is None


@pytest.mark.parametrize(
    ("full", "nearest", "down"),
    [(117, 82, 81), (104, 73, 72), (91, 64, 63), (64, 45, 44), (56, 39, 39), (48, 34, 33),
     (148, 104, 103), (100, 70, 70), (85, 60, 59)],
)  # fmt: skip
def test_from_day_15_on_a_day_is_paid_with_70_percent_in_whole_euros(
    full: int, nearest: int, down: int
) -> None:
    trip = replace(TRIP, days=15, travel_days=0)
    for rounding, later in (("nearest", nearest), ("down", down)):
        told = estimate(trip, rate(full * 100), rounding)
        assert parts(told)[1:] == [
            ("full_days", 14, full * 100, 14 * full * 100),
            ("later_days", 1, later * 100, later * 100),
        ]


@pytest.mark.parametrize(
    ("days", "travel_days", "expected"),
    [
        (1, 0, [("full_days", 1, 100)]),
        (10, 2, [("full_days", 10, 100), ("travel_days", 2, 100)]),
        (13, 2, [("full_days", 13, 100), ("travel_days", 1, 100), ("travel_days", 1, 70)]),
        (14, 0, [("full_days", 14, 100)]),
        (14, 2, [("full_days", 14, 100), ("travel_days", 2, 70)]),
        (15, 2, [("full_days", 14, 100), ("later_days", 1, 70), ("travel_days", 2, 70)]),
        (56, None, [("full_days", 14, 100), ("later_days", 42, 70), ("travel_days", 2, 70)]),
    ],
)
def test_travel_days_are_counted_after_the_days_of_the_stay(
    days: int, travel_days: int | None, expected: list[tuple[str, int, int]]
) -> None:
    trip = replace(TRIP, days=days, travel_days=travel_days)
    told = estimate(trip, rate(10_000), "nearest")
    assert parts(told)[1:] == [
        (code, many, euros * 100, many * euros * 100) for code, many, euros in expected
    ]
    assert told.total_cents == 30_900 + sum(many * euros * 100 for _, many, euros in expected)


def test_a_green_journey_has_its_own_amount_and_more_travel_days() -> None:
    usual = estimate(TRIP, rate(10_000), "nearest")
    green = estimate(replace(TRIP, green=True), rate(10_000), "nearest")
    assert (usual.most_travel_days, green.most_travel_days) == (2, 6)
    assert green.total_cents - usual.total_cents == (417 - 309) * 100
    six = estimate(replace(TRIP, green=True, travel_days=6), rate(10_000), "nearest")
    assert six.total_cents - green.total_cents == 4 * 7_000


@pytest.mark.parametrize(
    "wrong",
    [{"days": 0}, {"km": -1}, {"travel_days": 3}, {"travel_days": 7, "green": True},
     {"travel_days": -1}],
)  # fmt: skip
def test_a_trip_that_nobody_makes_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        replace(TRIP, **wrong)


@pytest.mark.parametrize(
    "rates", [{}, rate(6400, year=2025), rate(6400, group=2)], ids=["none", "year", "group"]
)
def test_without_a_rate_for_exactly_this_there_is_the_journey_alone(rates: support.Rates) -> None:
    told = estimate(TRIP, rates, "nearest")
    assert (told.missing, told.total_cents) == (("day_rate",), 30_900)
    assert parts(told) == [("travel", None, None, 30_900)]
    assert estimate(replace(TRIP, activity="GROUP"), rate(6400), "nearest").missing == ("day_rate",)
    nowhere = estimate(replace(TRIP, country="US"), rate(6400), "nearest")
    assert (nowhere.missing, [fact.fact for fact in nowhere.facts]) == (
        ("day_rate",), ["travel_band"],
    )  # fmt: skip


def test_every_row_that_was_used_is_named_with_its_source_and_how_sure_it_is() -> None:
    told = estimate(replace(TRIP, call_year=2024), rate(6400, year=2024), "nearest")
    facts = {fact.fact: fact for fact in told.facts}
    assert set(facts) == {"travel_band", "country_group", "day_rate", "full_days",
                          "percent_after", "travel_days", "travel_days_counted"}  # fmt: skip
    assert all(fact.source and fact.source_date for fact in told.facts)
    assert {fact: one.call_year for fact, one in facts.items() if one.call_year} == dict.fromkeys(
        ("travel_band", "country_group", "day_rate"), 2024
    )
    assert (facts["travel_band"].value, facts["travel_band"].certainty) == (30_900, "V~")
    assert facts["day_rate"].standing == Standing.OFFICIAL
    assert facts["percent_after"].standing == Standing.OFFICIAL
    assert told.standing == Standing.UNCERTAIN  # nobody has read a band of vocational training
    example = rate(6400, status=RateStatus.PLACEHOLDER)
    assert estimate(TRIP, example, "nearest").standing == Standing.PLACEHOLDER


@pytest.mark.parametrize(("year", "carried"), [(2024, False), (2025, False), (2026, True)])
def test_for_a_call_that_nobody_has_read_the_lists_are_carried_over(
    year: int, carried: bool
) -> None:
    band = support_facts.travel_band(year, 500, green=False)
    group = support_facts.country_group(year, "FI")
    assert band is not None
    assert group is not None
    assert (band.amount.carried_over, group.carried_over) == (carried, carried)
    assert (band.amount.call_year, group.call_year) == (2024, 2024)


@pytest.mark.parametrize(
    ("first_day", "year"),
    [("2027-02-01", 2026), ("2027-05-31", 2026), ("2027-06-01", 2027), ("2027-12-31", 2027)],
)
def test_stays_are_paid_by_the_call_of_the_summer_before(first_day: str, year: int) -> None:
    assert support_facts.call_year_of(datetime.date.fromisoformat(first_day)) == year


def test_support_is_no_part_of_what_a_matching_looks_at() -> None:
    assert not {name for name in OF_POLICY if "support" in name}
    assert not {"travel_bands", "country_groups", "support_rules"} & set(default_reference().tables)


# what is stored, and who is told


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def support_of(alliance: Alliance, who: str, proposal: object) -> Any:
    return alliance.client(who).get(f"{V1}/proposals/{proposal}/support").json()


def test_a_proposal_has_its_estimate_and_so_has_a_suggestion(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Region, alliance.hosts.id).latitude = 51.7191
        session.get_one(models.Region, alliance.hosts.id).longitude = 8.7544
    named = a_proposal(alliance)
    alone = support_of(alliance, "sending", named["proposal_id"])["standard"]
    assert (alone["missing"], alone["total_cents"]) == (["day_rate"], 30_900)
    a_rate(alliance)
    found = support_of(alliance, "sending", named["proposal_id"])
    days = found["standard"]["days"]
    later = (days - 14 + 2) * 4200
    assert (found["standard"]["km"], found["standard"]["call_year"]) == (1653, 2026)
    assert found["standard"]["total_cents"] == 30_900 + 14 * 6000 + later
    assert found["green"]["total_cents"] == 41_700 + 14 * 6000 + later
    suggested = alliance.client("aino").get(f"{V1}/suggestions?call=2027").json()["items"]
    assert {one["km"] for one in suggested} == {1653}
    assert all(one["support"]["standard"]["call_year"] == 2026 for one in suggested)
    assert all(one["support"]["standard"]["missing"] == [] for one in suggested)


def test_the_rounding_is_what_the_setting_says(alliance: Alliance) -> None:
    named = a_proposal(alliance)
    a_rate(alliance)
    with transaction(alliance.engine) as session:
        session.exec(select(models.SupportRate)).one().day_cents = 14_800
    before = support_of(alliance, "sending", named["proposal_id"])["standard"]["parts"]
    with transaction(alliance.engine) as session:
        settings.change(
            session, alliance.caller("admin"), "support_rounding", "down", revision=None
        )
    after = support_of(alliance, "sending", named["proposal_id"])["standard"]["parts"]
    later = [
        part["day_cents"] for one in (before, after) for part in one if part["part"] == "later_days"
    ]
    assert later == [10_400, 10_300]


def test_a_rate_is_entered_changed_and_removed_and_each_is_written_down(
    alliance: Alliance,
) -> None:
    client = alliance.client("sending")
    one = f"{V1}/support-rates/savonlinna/2026/SHORT_TERM/1"
    made = client.put(one, json=FIELDS, headers={"If-Match": '"0"'})
    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    stale = client.put(one, json=FIELDS, headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.json()["type"].split(":")[-1]) == (412, "stale-version")
    changed = client.put(one, json=FIELDS | {"day_cents": 6500}, headers={"If-Match": '"1"'})
    assert (changed.json()["day_cents"], changed.json()["version"]) == (6500, 2)
    assert client.get(f"{V1}/support-rates").json()["items"] == [changed.json()]
    assert client.delete(one, headers={"If-Match": '"1"'}).status_code == 412
    assert client.delete(one, headers={"If-Match": '"2"'}).status_code == 204
    assert client.delete(one, headers={"If-Match": '"2"'}).status_code == 404
    assert client.get(f"{V1}/support-rates").json() == {"items": []}
    with transaction(alliance.engine, writes=False) as session:
        noted = [(note.action, note.data) for note in sealing.done(session)
                 if note.action.startswith("support_rate")]  # fmt: skip
    assert sorted(action for action, _ in noted) == [
        "support_rate.changed", "support_rate.created", "support_rate.removed",
    ]  # fmt: skip
    told = dict(noted)
    assert told["support_rate.created"]["day_cents"] == 6400
    assert told["support_rate.removed"]["day_cents"] == 6500


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("savonlinna/2026/SHORT_TERM/4", {}, 422),
        ("savonlinna/2020/SHORT_TERM/1", {}, 422),
        ("savonlinna/2026/HOLIDAY/1", {}, 422),
        ("nowhere/2026/SHORT_TERM/1", {}, 404),
        ("savonlinna/2026/SHORT_TERM/1", {"day_cents": 0}, 422),
        ("savonlinna/2026/SHORT_TERM/1", {"day_cents": 64.5}, 422),
        ("savonlinna/2026/SHORT_TERM/1", {"source": ""}, 422),
        ("savonlinna/2026/SHORT_TERM/1", {"address": "javascript:alert(1)"}, 422),
        ("savonlinna/2026/SHORT_TERM/1", {"status": "rumour"}, 422),
    ],
)
def test_a_rate_that_cannot_be_is_refused(
    alliance: Alliance, path: str, body: dict[str, Any], status: int
) -> None:
    answer = alliance.client("admin").put(
        f"{V1}/support-rates/{path}", json=FIELDS | body, headers={"If-Match": "*"}
    )
    assert answer.status_code == status
    assert alliance.client("admin").get(f"{V1}/support-rates").json() == {"items": []}
