"""Small random problems in which pairs are often possible and often just not.

Every field is usually plain and sometimes at the edge of a rule, so that a drawn pair is
refused by none, one or a few rules. Shrinking goes towards the plain values.
"""

import datetime
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from matcher.problem import Apprentice, Offer, Problem
from tests import factories, oracle

MARCH = datetime.date(2027, 3, 1)
DAY = datetime.timedelta(days=1)
COUNTRIES = ("ES", "DE", "PL", "PT", "FI")
SKILLS = (
    "set up a CNC lathe for turned parts",
    "read technical drawings",
    "bake bread",
    {"text": "operate CNC machines", "code": "S1"},
    {"text": "Set up a CNC lathe for turned parts", "code": "S2"},
)
HOURS = (
    {"start": "04:00", "end": "12:00", "per_day": 8, "days_per_week": 5},
    {"start": "05:00", "end": "13:00", "per_day": 8, "days_per_week": 5},
    {"start": "06:00", "end": "12:00", "per_day": 6, "days_per_week": 5},
    {"start": "08:00", "end": "17:00", "per_day": 8.5, "days_per_week": 4},
    {"start": "08:00", "end": "16:00", "per_day": 8, "days_per_week": 6},
    {"start": "13:00", "end": "22:00", "per_day": 8, "days_per_week": 5},
    {"start": "15:00", "end": "23:00", "per_day": 8, "days_per_week": 5},
    {"start": "07:00", "end": "19:30", "per_day": 8, "days_per_week": 5},
    {"start": "22:00", "end": "06:00", "per_day": 8, "days_per_week": 5},
)
REFERENCES: tuple[dict[str, Any], ...] = (
    {"countries": [{"code": "DE", "min_working_age": 17}]},
    {"countries": [{"code": "PL", "min_working_age": ""}, {"code": "XX", "min_working_age": 18}]},
    {
        "working_time": [
            {
                "country": "DE",
                "status": "",
                "age_from": 16,
                "occupations": "7223",
                "age_to": 17,
                "window_start": "05:00",
                "window_end": "14:00",
                "max_days_week": 4,
            },
            {
                "country": "PT",
                "status": "TRAINEE_WITH_GRANT",
                "age_from": 0,
                "occupations": "",
                "age_to": 99,
                "daily_rest_hours": 15.5,
            },
        ]
    },
    {
        "activities": [
            {
                "code": "SHORT_TERM",
                "min_days": 20,
                "min_days_fewer_opportunities": 5,
                "max_days": 24,
            }
        ]
    },
    {
        "national_limits": [
            {"country": "ES", "status": "", "limit": "share_of_training", "value": 0.1},
            {
                "country": "EU",
                "status": "RECENT_GRADUATE",
                "limit": "months_after_graduation",
                "value": 11,
            },
        ]
    },
    {"hazards": [{"code": "HEAVY_LIFTING", "min_age": 17}]},
    {
        "criterion_values": [
            {"criterion": "occupation", "case": "same_minor_group", "value": 0.2},
            {"criterion": "occupation", "case": "same_detailed_field", "value": 0},
            {"criterion": "preference", "case": "no_word", "value": 0.25},
            {"criterion": "quality", "case": "unknown", "value": 0.1},
        ]
    },
)

Draw = Callable[[st.SearchStrategy[Any]], Any]


def often(draw: Draw, usual: Any, *others: Any, one_in: int = 9) -> Any:
    """The usual value, and once in so many times one of the others."""
    if draw(st.integers(0, one_in - 1)) != one_in // 2:
        return usual
    return draw(st.sampled_from(others))


def row_count(draw: Draw, least: int, most: int) -> int:
    """How many rows, rather more than few."""
    return draw(st.sampled_from(range(most, least - 1, -1)))


def some(draw: Draw, values: tuple[Any, ...], most: int) -> list[Any]:
    """Up to `most` different ones of the values."""
    if draw(st.booleans()):
        return []
    return draw(
        st.lists(st.sampled_from(range(len(values))), max_size=most, unique=True).map(
            lambda places: [values[place] for place in places]
        )
    )


def windows(draw: Draw) -> tuple[datetime.date, datetime.date]:
    """A few weeks in spring."""
    first = MARCH + draw(st.integers(0, 10)) * DAY
    return first, first + draw(st.integers(20, 50)) * DAY


@st.composite
def apprentices(draw: Draw, number: int) -> Apprentice:
    """Somebody, adult or not, without a word yet about any offer."""
    first, last = windows(draw)
    shortest = draw(st.integers(6, 16))
    ideal = shortest + draw(st.integers(0, 14))
    status = often(
        draw,
        "STUDENT_PLACEMENT",
        "EMPLOYEE_TRAINING_CONTRACT",
        "TRAINEE_WITH_GRANT",
        "RECENT_GRADUATE",
        one_in=2,
    )
    away = [
        (first + begin * DAY, first + (begin + draw(st.integers(0, 6))) * DAY)
        for begin in often(draw, [], [9], [20], [24, 22], [-2, 30], one_in=2)
    ]
    of_age = MARCH + draw(st.integers(-20, 40)) * DAY
    birth_date = often(
        draw,
        datetime.date(2005, 6, 1),
        datetime.date(2008, 2, 29),
        datetime.date(2009, 3, 1),
        of_age.replace(year=2009),
        of_age.replace(year=2010),
        of_age.replace(year=2011),
        of_age.replace(year=2012),
        one_in=3,
    )
    return factories.apprentice(
        id=f"A-{number}",
        country=often(draw, "ES", "DE", "PL", "PT", "FI"),
        birth_date=birth_date,
        occupations=often(draw, ["7223"], ["7222.1"], ["7512"], ["5131", "7231"], ["8332"]),
        isced_f=often(draw, None, "0715", "0716", "1041", "0721"),
        outcomes=some(draw, SKILLS, 3),
        languages=often(draw, {"en": "B1"}, {"en": "A2", "de": "A1"}, {"de": "C2"}, {}),
        available_from=first,
        available_to=last,
        not_available=away,
        days={"min": shortest, "ideal": ideal, "max": ideal + draw(st.integers(0, 20))},
        activity=often(draw, "SHORT_TERM", "GROUP", "SKILLS_COMPETITION"),
        status=status,
        modes=often(draw, ["physical"], ["blended"], ["physical", "blended"]),
        needs=often(
            draw,
            {},
            {"STEP_FREE_ACCESS": "hard"},
            {"QUIET_SPACE": "soft", "PRAYER_SPACE": "soft"},
            {"STEP_FREE_ACCESS": "hard", "QUIET_SPACE": "soft", "LOCAL_TRANSPORT": "soft"},
            {"QUIET_SPACE": "hard", "STEP_FREE_ACCESS": "hard"},
            one_in=3,
        ),
        fewer_opportunities=often(draw, False, True, one_in=3),
        destinations=often(draw, [], ["DE", "FI"], ["PT", "ES", "FI"], one_in=5),
        licences=often(draw, ["WELDING"], [], ["FIRST_AID", "WELDING"]),
        training_days=often(draw, None, 60, 90, 200, one_in=3),
        days_abroad=often(draw, 0, 5, 30),
        graduated_on=(
            first + draw(st.integers(-362, -330)) * DAY if status == "RECENT_GRADUATE" else None
        ),
    )


@st.composite
def offers(draw: Draw, number: int) -> Offer:
    """An offer of one of two companies in its country."""
    first, last = windows(draw)
    shortest = draw(st.integers(1, 16))
    country = often(draw, "DE", "ES", "PL", "PT", "FI")
    return factories.offer(
        id=f"O-{number}",
        country=country,
        company=f"C-{country}-{draw(st.integers(0, 1))}",
        occupations=often(draw, ["7223"], ["7222"], ["7512.1.3"], ["5131", "7231"], ["8332"]),
        isced_f=often(draw, None, "0715", "0716", "1041", "0721"),
        outcomes=some(draw, SKILLS, 3),
        languages=often(
            draw, {"en": "A2"}, {"en": "B1"}, {"en": "B2"}, {"de": "A2", "en": "C1"}, {"pl": "A1"}
        ),
        language_support=often(draw, False, True),
        available_from=first,
        available_to=last,
        days={"min": shortest, "max": max(shortest, draw(st.integers(14, 40)))},
        places=often(draw, 1, 0, 2, 3, one_in=4),
        provisions=often(
            draw,
            {},
            {"STEP_FREE_ACCESS": "certified"},
            {"STEP_FREE_ACCESS": "unknown", "QUIET_SPACE": "declared"},
            {"STEP_FREE_ACCESS": "declared", "QUIET_SPACE": "certified", "PRAYER_SPACE": "unknown"},
            one_in=2,
        ),
        min_age=often(draw, None, 16, 17, 18, 22, one_in=5),
        hours=often(
            draw,
            {"start": "08:00", "end": "16:00", "per_day": 8, "days_per_week": 5},
            None,
            *HOURS,
            one_in=3,
        ),
        statuses=often(draw, [], ["STUDENT_PLACEMENT"], ["EMPLOYEE_TRAINING_CONTRACT"]),
        modes=often(draw, ["physical"], ["blended"], ["physical", "blended"]),
        tasks=often(draw, [], ["HEAVY_LIFTING"], ["DRIVING", "HARMFUL_NOISE"], one_in=3),
        licences=often(draw, [], ["WELDING"], ["FIRST_AID"], ["WELDING", "DRIVING_B"]),
        quality=often(draw, None, 0.8, 0.35, 1.0, 0.0),
        verified=often(draw, True, False),
    )


@st.composite
def weights(draw: Draw) -> dict[str, float]:
    """Any weights that sum to 100, some of them often 0."""
    cuts = sorted(draw(st.lists(st.integers(0, 100_000), min_size=6, max_size=6)))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, 100_000], strict=True)]
    return {code: size / 1000 for code, size in zip(oracle.CRITERIA, sizes, strict=True)}


def _said_about_offers(draw: Draw, row: Apprentice, found: list[Offer]) -> Apprentice:
    """Companies that are excluded, interest in single offers, and which needs are confirmed."""
    companies = tuple(sorted({offer.company for offer in found}))
    return factories.apprentice(
        **row.model_dump()
        | {
            "excluded_companies": often(draw, [], list(companies[:1])),
            "interest": {
                offer.id: draw(st.sampled_from((1.0, 0.0, 0.25)))
                for offer in found
                if often(draw, False, True, one_in=3)
            },
            "confirmed_needs": often(draw, None, [], list(row.needs)[:1], one_in=3),
        }
    )


def _locks(draw: Draw, drawn: Problem) -> list[tuple[str, str]]:
    """Locks that can be kept: possible pairs, each person once, no place or cap exceeded."""
    locks: list[tuple[str, str]] = []
    for apprentice in drawn.apprentices:
        possible = [
            offer.id
            for offer in oracle.possible_offers(drawn, apprentice)
            if (apprentice.id, offer.id) not in drawn.policy.forbids
        ]
        if possible and draw(st.booleans()):
            lock = (apprentice.id, draw(st.sampled_from(possible)))
            if oracle.locks_fit(drawn, [*locks, lock]):
                locks.append(lock)
    return locks


@st.composite
def problems(draw: Draw, most: int = 5, least: int = 0) -> Problem:
    """Up to `most` apprentices and offers with everything a policy can ask for."""
    found = [draw(offers(number)) for number in range(row_count(draw, least, most))]
    people = [
        _said_about_offers(draw, draw(apprentices(number)), found)
        for number in range(row_count(draw, least, most))
    ]
    pairs = [(a.id, o.id) for a in people for o in found]
    companies = sorted({offer.company for offer in found})
    regions = sorted({row.region for row in (*people, *found)})
    reference = often(draw, {}, *REFERENCES, one_in=3)
    content: dict[str, Any] = {
        "today": often(draw, factories.TODAY, MARCH, MARCH + 12 * DAY, one_in=4),
        "objective": draw(st.sampled_from(("coverage", "fit"))),
        "priority": draw(st.sampled_from((["hard_needs"], []))),
        "seed": draw(st.integers(0, 3)),
        "candidates": draw(st.sampled_from((50, 2, 1))),
        "min_closeness": often(draw, 0.3, 0.0, 0.75),
        "start_weekdays": often(draw, [], [1], [3, 6], one_in=4),
        "forbids": some(draw, tuple(pairs), 2) if pairs else [],
        "hosting_caps": {
            region: draw(st.integers(0, 2))
            for region in regions
            if often(draw, False, True, one_in=3)
        },
        "companies": {
            company: {"max_placements": draw(st.sampled_from((1, 0, 2, None)))}
            for company in companies
            if often(draw, False, True, one_in=3)
        },
        "declined": [
            {"apprentice": a, "offer": o, "resolved": draw(st.booleans())}
            for a, o in (some(draw, tuple(pairs), 3) if pairs else [])
        ],
        "accepted_needs": [
            {"apprentice": a, "offer": o, "need": need}
            for a, o in (some(draw, tuple(pairs), 4) if pairs else [])
            for need in draw(st.sampled_from((["STEP_FREE_ACCESS"], ["QUIET_SPACE"])))
        ],
        "reference": reference,
    }
    if draw(st.booleans()):
        content["weights"] = draw(weights())
    content["reserve"] = often(draw, None, 0.5, 0.2, 1.0, 0.0, one_in=2)
    caps = content["hosting_caps"], content["companies"]
    found = _reserved(draw, found, *caps)
    unlocked = factories.problem(people, found, **content)
    return factories.problem(people, found, **content, locks=_locks(draw, unlocked))


def _reserved(
    draw: Draw, found: list[Offer], regions: dict[str, int], companies: dict[str, dict[str, Any]]
) -> list[Offer]:
    """The offers, some with reserved places, no more than places and caps allow."""
    left: dict[str, int] = dict(regions)
    left |= {name: c["max_placements"] for name, c in companies.items() if c["max_placements"]}
    left |= {name: 0 for name, c in companies.items() if c["max_placements"] == 0}
    reserving = []
    for offer in found:
        most = min(offer.places, left.get(offer.region, 9), left.get(offer.company, 9))
        reserved = min(most, often(draw, 0, 1, 2, one_in=3))
        for name in (offer.region, offer.company):
            left[name] = left.get(name, 9) - reserved
        reserving.append(factories.offer(**offer.model_dump() | {"reserved": reserved}))
    return reserving


@st.composite
def crowds(draw: Draw, least: int = 9, most: int = 12, places: int = 4) -> Problem:
    """More people than an offer keeps candidates, for few places, one candidate each.

    So the first assignment lacks pairs that the best one needs; and whom an aim prefers
    matters: some people have one possible offer, some need what only some offers provide.
    """
    step_free = {"STEP_FREE_ACCESS": "certified"}
    found = [
        factories.offer(
            id=f"O-{number}",
            company=f"C-{number % 2}",
            country="DE",
            places=draw(st.integers(1, places)),
            quality=draw(st.sampled_from((0.0, 0.7, 0.9))),
            occupations=[draw(st.sampled_from(("7223", "7231")))],
            languages={language: "A2"},
            language_support=True,
            provisions=draw(st.sampled_from((step_free, {}))),
            available_to="2027-04-15",
        )
        for number, language in enumerate(("en", "de", draw(st.sampled_from(("en", "de")))))
    ]
    people = [
        factories.apprentice(
            id=f"A-{number}",
            languages=draw(
                st.sampled_from(({"en": "A2", "de": "A2"}, {"en": "A1", "de": "A2"}, {"en": "A1"}))
            ),
            occupations=[draw(st.sampled_from(("7223", "7222", "7231")))],
            days={"min": 28, "ideal": 28, "max": 28},
            interest={f"O-{draw(st.integers(0, 2))}": draw(st.sampled_from((0.0, 1.0)))},
            needs=draw(st.sampled_from(({}, {}, {"STEP_FREE_ACCESS": "hard"}))),
            fewer_opportunities=draw(st.sampled_from((False, False, True))),
        )
        for number in range(draw(st.integers(least, most)))
    ]
    content: dict[str, Any] = {}
    if draw(st.booleans()):  # one good pair is then worth more than two poor ones
        nothing = dict.fromkeys(oracle.CRITERIA, 0.0)
        content["weights"] = nothing | {"occupation": 98.0, "quality": 2.0}
    companies: dict[str, dict[str, Any]] = often(draw, {}, {"C-0": {"max_placements": 2}}, one_in=3)
    regions: dict[str, int] = often(draw, {}, {"region-de": 5}, one_in=3)
    return factories.problem(
        people,
        _reserved(draw, found, regions, companies),
        **content,
        candidates=1,
        reserve=often(draw, None, 0.3, 0.7, one_in=2),
        objective=draw(st.sampled_from(("coverage", "fit"))),
        priority=draw(st.sampled_from((["hard_needs"], []))),
        seed=draw(st.integers(0, 9)),
        companies=companies,
        hosting_caps=regions,
    )
