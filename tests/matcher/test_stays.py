"""When a stay begins and how long it is, by example."""

import datetime
from typing import Any

import pytest

from tests.factories import apprentice, offer
from tests.matcher.engine_side import refused, stay

Day = datetime.date
FIXED = {"min": 28, "ideal": 28, "max": 28}


def window(first: str, last: str) -> dict[str, Any]:
    return {"available_from": first, "available_to": last}


def test_the_stay_has_the_ideal_length_and_begins_on_the_first_common_day() -> None:
    assert stay(apprentice(), offer()) == (Day(2027, 3, 1), 56)
    assert stay(apprentice(), offer(available_from="2027-04-02")) == (Day(2027, 4, 2), 56)
    assert stay(apprentice(available_from="2027-04-02"), offer()) == (Day(2027, 4, 2), 56)


def test_a_window_that_is_as_long_as_the_shortest_stay_is_long_enough() -> None:
    whole, short = window("2027-03-01", "2027-03-28"), window("2027-03-01", "2027-03-27")
    assert stay(apprentice(), offer(**whole)) == (Day(2027, 3, 1), 28)
    assert refused(apprentice(), offer(**short)) == ["dates"]
    assert stay(apprentice(**whole), offer()) == (Day(2027, 3, 1), 28)
    assert refused(apprentice(**short), offer()) == ["dates"]


def test_windows_that_share_just_enough_days_are_enough() -> None:
    early = apprentice(days=FIXED, **window("2027-03-01", "2027-04-30"))
    assert stay(early, offer(available_from="2027-04-03")) == (Day(2027, 4, 3), 28)
    assert refused(early, offer(available_from="2027-04-04")) == ["dates"]


def test_windows_that_do_not_meet_are_refused() -> None:
    late = offer(**window("2027-07-01", "2027-12-31"))
    assert refused(apprentice(), late) == ["dates"]
    assert refused(apprentice(), offer(**window("2026-01-01", "2027-02-28"))) == ["dates"]


def test_lengths_of_both_sides_have_to_meet() -> None:
    person = apprentice(days={"min": 28, "ideal": 30, "max": 40})
    assert refused(person, offer(days={"min": 14, "max": 27})) == ["dates"]
    assert stay(person, offer(days={"min": 14, "max": 28})) == (Day(2027, 3, 1), 28)
    assert stay(person, offer(days={"min": 40, "max": 84})) == (Day(2027, 3, 1), 40)
    assert refused(person, offer(days={"min": 41, "max": 84})) == ["dates"]


@pytest.mark.parametrize(
    ("activity", "fewer_opportunities", "offered", "refusal"),
    [
        ("SHORT_TERM", False, (10, 10), []),
        ("SHORT_TERM", False, (9, 9), ["dates"]),
        ("SHORT_TERM", True, (2, 2), []),
        ("SHORT_TERM", True, (1, 1), ["dates"]),
        ("SHORT_TERM", False, (89, 89), []),
        ("SHORT_TERM", False, (90, 90), ["dates"]),
        ("LONG_TERM_ERASMUSPRO", False, (90, 90), []),
        ("LONG_TERM_ERASMUSPRO", True, (89, 89), ["dates"]),
        ("LONG_TERM_ERASMUSPRO", False, (365, 365), []),
        ("LONG_TERM_ERASMUSPRO", False, (366, 366), ["dates"]),
        ("GROUP", False, (2, 2), []),
        ("GROUP", False, (1, 1), ["dates"]),
        ("GROUP", False, (30, 30), []),
        ("GROUP", False, (31, 31), ["dates"]),
        ("SKILLS_COMPETITION", False, (10, 10), []),
        ("SKILLS_COMPETITION", False, (11, 11), ["dates"]),
    ],
)
def test_the_activity_limits_the_days(
    activity: str, fewer_opportunities: bool, offered: tuple[int, int], refusal: list[str]
) -> None:
    person = apprentice(
        activity=activity,
        fewer_opportunities=fewer_opportunities,
        days={"min": 1, "ideal": 50, "max": 400},
        available_to="2029-01-01",
    )
    host = offer(days={"min": offered[0], "max": offered[1]}, available_to="2029-01-01")
    assert refused(person, host) == refusal


def test_the_length_is_the_possible_one_nearest_to_the_ideal() -> None:
    person = apprentice(days={"min": 20, "ideal": 50, "max": 84})
    assert stay(person, offer(days={"min": 14, "max": 45})) == (Day(2027, 3, 1), 45)
    assert stay(person, offer(days={"min": 60, "max": 84})) == (Day(2027, 3, 1), 60)
    assert stay(person, offer(available_to="2027-03-30")) == (Day(2027, 3, 1), 30)


def test_an_exam_in_the_middle_moves_the_stay_behind_it_when_the_ideal_fits_there() -> None:
    person = apprentice(days=FIXED, not_available=[("2027-03-20", "2027-03-25")])
    assert stay(person, offer()) == (Day(2027, 3, 26), 28)


def test_an_exam_leaves_the_days_before_it_when_they_are_enough() -> None:
    person = apprentice(days=FIXED, not_available=[("2027-03-29", "2027-04-02")])
    assert stay(person, offer()) == (Day(2027, 3, 1), 28)
    earlier = apprentice(days=FIXED, not_available=[("2027-03-28", "2027-04-02")])
    assert stay(earlier, offer()) == (Day(2027, 4, 3), 28)


def test_the_longer_part_beside_an_exam_wins_when_the_ideal_fits_nowhere() -> None:
    person = apprentice(
        **window("2027-03-01", "2027-05-31"), not_available=[("2027-04-05", "2027-04-11")]
    )
    assert stay(person, offer()) == (Day(2027, 4, 12), 50)


def test_exams_that_leave_no_part_long_enough_are_refused() -> None:
    exams = [("2027-03-28", "2027-04-01"), ("2027-04-29", "2027-04-30")]
    person = apprentice(**window("2027-03-01", "2027-05-27"), days=FIXED, not_available=exams)
    assert refused(person, offer()) == ["dates"]
    longer = apprentice(**window("2027-03-01", "2027-05-28"), days=FIXED, not_available=exams)
    assert stay(longer, offer()) == (Day(2027, 5, 1), 28)


def test_exams_may_overlap_and_stand_in_any_order() -> None:
    exams = [
        ("2027-04-10", "2027-04-20"),
        ("2027-03-01", "2027-04-15"),
        ("2027-03-05", "2027-03-06"),
    ]
    assert stay(apprentice(not_available=exams), offer()) == (Day(2027, 4, 21), 56)


def test_a_short_absence_inside_a_long_one_opens_nothing() -> None:
    exams = [("2027-03-01", "2027-06-10"), ("2027-03-05", "2027-03-06")]
    assert refused(apprentice(not_available=exams), offer()) == ["dates"]


def test_somebody_who_is_away_all_the_time_is_refused() -> None:
    person = apprentice(not_available=[("2027-01-01", "2027-12-31")])
    assert refused(person, offer()) == ["dates"]


def test_an_exam_outside_the_window_changes_nothing() -> None:
    exams = [("2027-02-01", "2027-02-28"), ("2027-07-01", "2027-07-31")]
    assert stay(apprentice(not_available=exams), offer()) == stay(apprentice(), offer())


def test_a_stay_begins_on_an_allowed_weekday() -> None:
    """1 March 2027 is a Monday."""
    assert stay(apprentice(), offer(), start_weekdays=[1]) == (Day(2027, 3, 1), 56)
    assert stay(apprentice(), offer(), start_weekdays=[7]) == (Day(2027, 3, 7), 56)
    assert stay(apprentice(), offer(), start_weekdays=[7, 3]) == (Day(2027, 3, 3), 56)


def test_a_window_that_begins_on_the_allowed_weekday_and_just_fits_is_long_enough() -> None:
    monday = window("2027-03-01", "2027-03-28")
    assert stay(apprentice(), offer(**monday), start_weekdays=[1]) == (Day(2027, 3, 1), 28)
    assert refused(apprentice(), offer(**monday), start_weekdays=[2]) == ["dates"]


def test_a_birthday_on_the_only_possible_first_day_is_early_enough() -> None:
    whole = window("2027-03-01", "2027-03-28")
    assert stay(apprentice(birth_date="2009-03-01"), offer(**whole)) == (Day(2027, 3, 1), 28)
    assert refused(apprentice(birth_date="2009-03-02"), offer(**whole)) == ["working_time"]


def test_the_days_until_the_first_allowed_weekday_are_lost() -> None:
    person = apprentice(days={"min": 28, "ideal": 35, "max": 35})
    late = window("2027-03-02", "2027-04-05")
    assert stay(person, offer(**late)) == (Day(2027, 3, 2), 35)
    assert stay(person, offer(**late), start_weekdays=[1]) == (Day(2027, 3, 8), 29)
    shorter = window("2027-03-02", "2027-04-03")
    assert refused(person, offer(**shorter), start_weekdays=[1]) == ["dates"]


def test_the_stay_waits_for_the_birthday_in_the_middle_of_the_window() -> None:
    young = apprentice(birth_date="2009-04-14", days=FIXED)
    assert stay(young, offer(hours=None)) == (Day(2027, 4, 14), 28)
    monday = stay(young, offer(hours=None), start_weekdays=[1])
    assert monday == (Day(2027, 4, 19), 28)


def test_the_stay_gets_shorter_when_the_birthday_leaves_less_than_the_ideal() -> None:
    assert stay(apprentice(birth_date="2009-05-22"), offer()) == (Day(2027, 5, 22), 40)


def test_a_stay_may_begin_on_the_last_possible_birthday_only_until_the_day_after() -> None:
    assert stay(apprentice(birth_date="2009-06-03"), offer()) == (Day(2027, 6, 3), 28)
    assert stay(apprentice(birth_date="2009-06-04"), offer()) is None


def test_who_was_born_on_29_february_comes_of_age_on_1_march() -> None:
    """2026 has no 29 February, 2028 has one."""
    leap = {"birth_date": "2008-02-29", "days": FIXED}
    spring = window("2026-02-01", "2026-03-28")
    host = offer(available_from="2026-01-01", available_to="2030-01-01")
    early = Day(2026, 1, 1)
    assert stay(apprentice(**leap, **spring), host, today=early) == (Day(2026, 3, 1), 28)
    older = apprentice(**leap, **window("2028-02-01", "2028-06-30"))
    from_20 = offer(min_age=20, available_from="2028-01-01", available_to="2030-01-01")
    assert stay(older, from_20) == (Day(2028, 2, 29), 28)


def test_a_stay_begins_today_at_the_earliest() -> None:
    spring = window("2027-03-01", "2027-04-10")
    fixed = apprentice(days=FIXED, **spring)
    assert stay(fixed, offer(), today=Day(2027, 2, 28)) == (Day(2027, 3, 1), 28)
    assert stay(fixed, offer(), today=Day(2027, 3, 10)) == (Day(2027, 3, 10), 28)
    assert stay(fixed, offer(), today=Day(2027, 3, 14)) == (Day(2027, 3, 14), 28)
    assert refused(fixed, offer(), today=Day(2027, 3, 15)) == ["dates"]
    assert refused(fixed, offer(), today=Day(2028, 1, 1)) == ["dates"]


def test_a_stay_counts_29_february_as_a_day() -> None:
    leap = window("2028-02-15", "2028-03-13")
    assert stay(apprentice(days=FIXED, **leap), offer(**leap)) == (Day(2028, 2, 15), 28)
    plain = window("2027-02-15", "2027-03-13")
    assert refused(apprentice(days=FIXED, **plain), offer(**plain)) == ["dates"]


def test_the_strictest_of_the_three_ages_decides_the_first_day() -> None:
    """Hours from 16, a task from 18, the offer from 17."""
    hours = {"start": "08:00", "end": "16:00", "per_day": 8, "days_per_week": 5}
    young = apprentice(country="FI", birth_date="2010-04-05", days=FIXED, available_to="2028-12-31")
    plain = {"hours": hours, "available_to": "2028-12-31"}
    assert stay(young, offer(**plain)) == (Day(2027, 3, 1), 28)
    assert stay(young, offer(**plain, min_age=17)) == (Day(2027, 4, 5), 28)
    assert stay(young, offer(**plain, min_age=17, tasks=["DRIVING"])) == (Day(2028, 4, 5), 28)


def test_a_quarter_of_the_training_shortens_the_stay() -> None:
    contract = {"country": "DE", "status": "EMPLOYEE_TRAINING_CONTRACT", "training_days": 200}
    assert stay(apprentice(**contract), offer(country="FI")) == (Day(2027, 3, 1), 50)
    assert stay(apprentice(**contract, days_abroad=22), offer(country="FI")) == (
        Day(2027, 3, 1),
        28,
    )


def test_the_graduates_limit_ends_the_stay_on_that_day() -> None:
    graduate = apprentice(status="RECENT_GRADUATE", graduated_on="2026-04-10")
    assert stay(graduate, offer()) == (Day(2027, 3, 1), 41)


def test_law_birthday_exam_and_weekday_are_kept_together() -> None:
    person = apprentice(
        status="RECENT_GRADUATE",
        graduated_on="2026-05-20",
        birth_date="2009-03-10",
        not_available=[("2027-03-24", "2027-03-26")],
        days={"min": 14, "ideal": 56, "max": 56},
    )
    assert stay(person, offer(), start_weekdays=[1]) == (Day(2027, 3, 29), 53)
