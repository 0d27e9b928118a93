"""What laws and programme rules allow, by example."""

import datetime

import pytest

from matcher import limits
from matcher.errors import ProblemError
from matcher.vocabulary import Reference, default_reference

Day = datetime.date


@pytest.fixture
def facts() -> Reference:
    return default_reference()


def hours_age(
    facts: Reference,
    start: str,
    end: str,
    *,
    sending: str = "FR",
    status: str = "STUDENT_PLACEMENT",
    hosting: str = "FR",
    per_day: float = 6,
    days: int = 5,
    occupations: tuple[str, ...] = ("7223",),
) -> int:
    shift = limits.shift(start, end, per_day, days)
    return limits.working_time_age(facts, sending, status, hosting, shift, occupations)


@pytest.mark.parametrize(
    ("born", "age", "first_day"),
    [
        (Day(2009, 4, 14), 18, Day(2027, 4, 14)),
        (Day(2008, 2, 29), 18, Day(2026, 3, 1)),
        (Day(2008, 2, 29), 20, Day(2028, 2, 29)),
        (Day(2009, 12, 31), 0, Day(2009, 12, 31)),
    ],
)
def test_a_birthday_is_the_first_day_of_that_age(born: Day, age: int, first_day: Day) -> None:
    assert limits.birthday(born, age) == first_day
    assert limits.age_on(born, first_day) == age
    assert limits.age_on(born, first_day - datetime.timedelta(days=1)) == age - 1


@pytest.mark.parametrize(
    ("activity", "fewer", "days"),
    [
        ("SHORT_TERM", False, (10, 89)),
        ("SHORT_TERM", True, (2, 89)),
        ("LONG_TERM_ERASMUSPRO", False, (90, 365)),
        ("LONG_TERM_ERASMUSPRO", True, (90, 365)),
        ("GROUP", False, (2, 30)),
        ("GROUP", True, (2, 30)),
        ("SKILLS_COMPETITION", False, (1, 10)),
        ("SKILLS_COMPETITION", True, (1, 10)),
    ],
)
def test_every_activity_has_its_days(
    facts: Reference, activity: str, fewer: bool, days: tuple[int, int]
) -> None:
    assert limits.day_limits(facts, activity, fewer) == days


@pytest.mark.parametrize(
    ("sending", "hosting", "offered", "age"),
    [
        ("DE", "FI", None, 15),
        ("DE", "PL", None, 15),
        ("DE", "PT", None, 16),
        ("ES", "DE", None, 16),
        ("FR", "IT", None, 15),
        ("DE", "FI", 12, 15),
        ("DE", "FI", 17, 17),
        ("ES", "PT", 14, 16),
    ],
)
def test_the_age_for_work_is_the_strictest_of_floor_countries_and_offer(
    facts: Reference, sending: str, hosting: str, offered: int | None, age: int
) -> None:
    assert limits.minimum_age(facts, sending, hosting, offered) == age


@pytest.mark.parametrize(
    ("tasks", "age"),
    [
        ([], 0),
        (["HEAVY_LIFTING"], 16),
        (["FORKLIFT"], 18),
        (["HARMFUL_NOISE", "FORKLIFT", "HEAVY_LIFTING"], 18),
    ],
)
def test_the_age_for_tasks_is_that_of_the_strictest(
    facts: Reference, tasks: list[str], age: int
) -> None:
    assert limits.hazard_age(facts, tasks) == age


def test_an_end_that_is_not_after_the_start_is_on_the_next_day() -> None:
    assert limits.shift("22:00", "06:00", 8, 5) == (1320, 1800, 8, 5)
    assert limits.shift("08:00", "08:00", 8, 5) == (480, 1920, 8, 5)
    assert limits.shift("16:00", "24:00", 8, 5) == (960, 1440, 8, 5)


def test_unknown_hours_are_for_adults(facts: Reference) -> None:
    found = limits.working_time_age(facts, "FR", "STUDENT_PLACEMENT", "FR", None, ("7223",))
    assert found == 18


@pytest.mark.parametrize(
    ("start", "end", "age"),
    [
        ("06:00", "14:00", 0),
        ("05:59", "14:00", 18),
        ("14:00", "22:00", 0),
        ("14:01", "22:01", 18),
        ("22:00", "06:00", 18),
    ],
)
def test_the_directive_closes_the_night_to_minors_everywhere(
    facts: Reference, start: str, end: str, age: int
) -> None:
    assert hours_age(facts, start, end) == age


@pytest.mark.parametrize(
    ("hosting", "start", "end", "per_day", "age"),
    [
        ("DE", "12:00", "20:00", 8, 0),
        ("DE", "12:01", "20:01", 8, 18),
        ("ES", "14:00", "22:00", 8, 0),
        ("ES", "14:01", "22:01", 8, 18),
        ("PT", "12:00", "20:00", 8, 0),
        ("PT", "14:00", "22:00", 8, 16),
        ("PT", "14:01", "22:01", 8, 18),
        ("PT", "07:00", "15:00", 8, 0),
        ("PT", "06:59", "15:00", 8, 18),
        ("FI", "14:00", "22:00", 8, 0),
        ("FI", "14:01", "22:01", 8, 18),
        ("PL", "08:00", "16:00", 6, 0),
        ("PL", "08:00", "16:00", 6.5, 16),
        ("PL", "08:00", "16:00", 8, 16),
        ("PL", "08:00", "18:00", 6, 0),
        ("PL", "08:00", "18:01", 6, 18),
    ],
)
def test_every_partner_country_has_its_window_hours_and_rest(
    facts: Reference, hosting: str, start: str, end: str, per_day: float, age: int
) -> None:
    assert hours_age(facts, start, end, hosting=hosting, per_day=per_day) == age
    assert hours_age(facts, start, end, sending=hosting, per_day=per_day) == age


def test_more_than_8_hours_a_day_or_5_days_a_week_are_for_adults(facts: Reference) -> None:
    assert hours_age(facts, "08:00", "17:00", per_day=8, days=5) == 0
    assert hours_age(facts, "08:00", "17:00", per_day=8.1, days=4) == 18
    assert hours_age(facts, "08:00", "14:00", per_day=6, days=6) == 18


def test_the_hours_of_a_week_are_those_of_a_day_times_its_days(facts: Reference) -> None:
    weekly = {"working_time": [{"country": "FR", "status": "", "age_from": 15, "occupations": ""}]}
    weekly["working_time"][0] |= {"age_to": 17, "max_hours_week": 35}
    strict = facts.with_rows(weekly)
    assert hours_age(strict, "08:00", "16:00", per_day=7, days=5) == 0
    assert hours_age(strict, "08:00", "16:00", per_day=7.5, days=5) == 18
    assert hours_age(strict, "08:00", "16:00", per_day=8, days=4) == 0


def test_german_gastronomy_and_farming_have_windows_of_their_own(facts: Reference) -> None:
    assert hours_age(facts, "14:00", "22:00", hosting="DE", occupations=("5131",)) == 16
    assert hours_age(facts, "14:00", "22:00", hosting="DE", occupations=("9412",)) == 16
    assert hours_age(facts, "14:00", "22:00", hosting="DE", occupations=("9411",)) == 18
    assert hours_age(facts, "13:00", "21:00", hosting="DE", occupations=("6111",)) == 16
    assert hours_age(facts, "13:01", "21:01", hosting="DE", occupations=("6111",)) == 18


def test_the_rows_of_german_bakeries_are_one_hour_apart(facts: Reference) -> None:
    for age, opens in ((15, "06:00"), (16, "05:00"), (17, "04:00")):
        found = limits.working_time_limits(facts, "FR", "STUDENT_PLACEMENT", "DE", ("7512.1",), age)
        windows = [(limit.row["country"], limit.row["window_start"]) for limit in found]
        assert windows == [("EU", "04:00"), ("DE", opens), ("ANY", "06:00")]


def test_a_spanish_training_contract_bars_night_work_at_every_age(facts: Reference) -> None:
    contract = {"sending": "ES", "status": "EMPLOYEE_TRAINING_CONTRACT"}
    assert hours_age(facts, "22:00", "06:00", **contract) == limits.NEVER
    assert hours_age(facts, "14:00", "22:00", **contract) == 0
    assert hours_age(facts, "22:00", "06:00", sending="ES") == 18
    hosted = {"sending": "FR", "hosting": "ES", "status": "EMPLOYEE_TRAINING_CONTRACT"}
    assert hours_age(facts, "22:00", "06:00", **hosted) == 18


@pytest.mark.parametrize(
    ("country", "status", "training", "before", "left"),
    [
        ("DE", "EMPLOYEE_TRAINING_CONTRACT", 1096, 0, 274),
        ("DE", "EMPLOYEE_TRAINING_CONTRACT", 1095, 0, 273),
        ("DE", "EMPLOYEE_TRAINING_CONTRACT", 1096, 60, 214),
        ("DE", "EMPLOYEE_TRAINING_CONTRACT", 1096, 300, -26),
        ("DE", "EMPLOYEE_TRAINING_CONTRACT", None, 60, None),
        ("DE", "STUDENT_PLACEMENT", 1096, 0, None),
        ("ES", "EMPLOYEE_TRAINING_CONTRACT", 1096, 0, None),
    ],
)
def test_a_quarter_of_a_german_training_contract_may_be_abroad(
    facts: Reference, country: str, status: str, training: int | None, before: int, left: int | None
) -> None:
    assert limits.longest_by_law(facts, country, status, training, before) == left


@pytest.mark.parametrize(
    ("graduated", "last"),
    [
        (Day(2026, 6, 30), Day(2027, 6, 30)),
        (Day(2026, 12, 31), Day(2027, 12, 31)),
        (Day(2028, 2, 29), Day(2029, 2, 28)),
        (Day(2027, 2, 28), Day(2028, 2, 28)),
        (Day(2026, 1, 1), Day(2027, 1, 1)),
    ],
)
def test_a_graduates_stay_ends_12_months_after_completion(
    facts: Reference, graduated: Day, last: Day
) -> None:
    assert limits.latest_end_by_law(facts, "PT", "RECENT_GRADUATE", graduated) == last


def test_only_graduates_have_a_last_day(facts: Reference) -> None:
    done = Day(2026, 6, 30)
    assert limits.latest_end_by_law(facts, "PT", "STUDENT_PLACEMENT", done) is None
    assert limits.latest_end_by_law(facts, "PT", "RECENT_GRADUATE", None) is None


@pytest.mark.parametrize(
    ("months", "last"), [(1, Day(2027, 2, 28)), (6, Day(2027, 7, 31)), (13, Day(2028, 2, 29))]
)
def test_months_after_completion_end_with_the_month_where_the_day_is_missing(
    facts: Reference, months: int, last: Day
) -> None:
    row = {"country": "EU", "status": "RECENT_GRADUATE", "limit": "months_after_graduation"}
    changed = facts.with_rows({"national_limits": [row | {"value": months}]})
    found = limits.latest_end_by_law(changed, "PT", "RECENT_GRADUATE", Day(2027, 1, 31))
    assert found == last


def test_the_stricter_of_two_national_limits_counts(facts: Reference) -> None:
    row = {"country": "DE", "status": "", "limit": "share_of_training"}
    contract = ("DE", "EMPLOYEE_TRAINING_CONTRACT", 1000, 0)
    for share, left in ((0.1, 100), (0.5, 250)):
        changed = facts.with_rows({"national_limits": [row | {"value": share}]})
        assert limits.longest_by_law(changed, *contract) == left


def test_a_changed_row_keeps_the_columns_it_leaves_out(facts: Reference) -> None:
    changed = facts.with_rows({"activities": [{"code": "GROUP", "max_days": 14}]})
    assert limits.day_limits(changed, "GROUP", False) == (2, 14)
    assert limits.day_limits(facts, "GROUP", False) == (2, 30)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"laws": []}, "reference.laws: is not a reference list"),
        ({"countries": [{"code": "CH", "min_age": 15}]}, "min_age: is not a column of countries"),
        ({"countries": [{"min_working_age": 15}]}, "countries[0].code: is missing"),
        ({"hazards": [{"code": "DRIVING", "min_age": "old"}]}, "'old' is not a number"),
        ({"hazards": [{"code": "DRIVING", "min_age": -1}]}, "'-1' is not a number"),
        (
            {"working_time": [{"country": "DE", "window_start": "25:00"}]},
            "'25:00' is not a time of day",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_by_name(
    facts: Reference, changes: dict[str, list[dict[str, object]]], message: str
) -> None:
    with pytest.raises(ProblemError) as refusal:
        facts.with_rows(changes)
    assert message in str(refusal.value)


def names(
    facts: Reference, rule: str, age: int, *hours: str, tasks: tuple[str, ...] = ()
) -> list[str]:
    """The rows for which a rule refuses a cook from Poland in a German kitchen, by their keys."""
    shift = limits.shift(*hours, 8, 5) if hours else None
    work = limits.Work("PL", "STUDENT_PLACEMENT", "DE", shift, ("5120",), tasks)
    return [
        f"{table} {row.get('country') or row['code']} {row.get('age_from', '')}".strip()
        for table, row in limits.rows_behind(facts, rule, work, age)
    ]


def test_the_rows_behind_a_refusal_are_those_that_stand_against_it(facts: Reference) -> None:
    assert names(facts, "working_time", 16, "13:00", "21:30") == []
    assert names(facts, "working_time", 16, "14:00", "22:30") == [
        "working_time DE 16", "working_time PL 16"
    ]  # fmt: skip
    assert names(facts, "working_time", 17, "20:00", "04:00") == [
        "working_time EU 15", "working_time DE 16", "working_time PL 16"
    ]  # fmt: skip
    assert names(facts, "working_time", 15, "12:00", "20:30") == [
        "working_time DE 15", "working_time PL 15"
    ]  # fmt: skip
    assert names(facts, "minimum_age", 14) == ["working_time EU 15", "countries PL", "countries DE"]
    assert names(facts, "minimum_age", 15) == []
    tasks = ("FORKLIFT", "HEAVY_LIFTING")
    assert names(facts, "hazards", 15, tasks=tasks) == ["hazards FORKLIFT", "hazards HEAVY_LIFTING"]
    assert names(facts, "hazards", 17, tasks=tasks) == ["hazards FORKLIFT"]
    assert names(facts, "language", 15, tasks=tasks) == []


def test_where_hours_are_unknown_the_rows_are_those_that_would_have_to_be_kept(
    facts: Reference,
) -> None:
    assert names(facts, "working_time", 17) == [
        "working_time EU 15", "working_time DE 16", "working_time PL 16"
    ]  # fmt: skip


def test_a_rule_for_a_status_stands_behind_a_refusal_at_every_age(facts: Reference) -> None:
    night = limits.shift("22:00", "06:00", 8, 5)
    work = limits.Work("ES", "EMPLOYEE_TRAINING_CONTRACT", "DE", night, ("7223",))
    ((_, row),) = limits.rows_behind(facts, "working_time", work, 30)
    assert (row["country"], row["status"]) == ("ES", "EMPLOYEE_TRAINING_CONTRACT")


@pytest.mark.parametrize("age", range(14, 19))
@pytest.mark.parametrize("start", ["04:00", "06:00", "14:00", "20:00"])
def test_there_are_rows_exactly_where_the_hours_are_refused(
    facts: Reference, start: str, age: int
) -> None:
    shift = limits.shift(start, f"{(int(start[:2]) + 8) % 24:02d}:00", 7, 5)
    work = limits.Work("PT", "STUDENT_PLACEMENT", "FI", shift, ("7512",))
    allowed = limits.working_time_age(facts, "PT", work.status, "FI", shift, work.occupations)
    assert bool(limits.rows_behind(facts, "working_time", work, age)) == (age < allowed)
