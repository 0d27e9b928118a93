"""Every hard rule by example, each boundary from both sides."""

import datetime
from typing import Any

import pytest

import matcher
from matcher.problem import Apprentice
from matcher.vocabulary import default_reference
from tests.factories import apprentice, offer, problem
from tests.matcher.engine_side import refused, refusing_rules

DAY_SHIFT = {"start": "08:00", "end": "16:00", "per_day": 8, "days_per_week": 5}


def shift(start: str, end: str, per_day: float = 8, days_per_week: int = 5) -> dict[str, Any]:
    return {"start": start, "end": end, "per_day": per_day, "days_per_week": days_per_week}


def aged(years: int, **changes: Any) -> Apprentice:
    """Somebody who turned so many years old on the first day of the plain windows."""
    born = datetime.date(2027 - years, 3, 1)
    return apprentice(birth_date=born, **changes)


def test_the_plain_pair_of_the_factories_is_refused_by_no_rule() -> None:
    assert refused(apprentice(), offer()) == []


def test_a_placement_in_ones_own_country_is_refused() -> None:
    assert refused(apprentice(country="DE"), offer(country="DE")) == ["abroad"]
    assert refused(apprentice(country="DE"), offer(country="ES")) == []


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        ("7223", "7223"),
        ("7223.4.1", "7223"),
        ("7223", "7223.9"),
        ("7223", "7222"),
        ("7223", "3115"),
    ],
)
def test_the_same_unit_group_minor_group_or_sector_is_close_enough(
    wanted: str, offered: str
) -> None:
    assert refused(apprentice(occupations=[wanted]), offer(occupations=[offered])) == []


def test_an_occupation_of_another_sector_is_refused() -> None:
    baker = apprentice(occupations=["7512"])
    assert refused(baker, offer(occupations=["7223"])) == ["occupation"]


def test_railway_vehicles_and_transport_services_are_not_the_same_field() -> None:
    """0716 Motor vehicles is not 1041 Transport services, although both may say railway."""
    mechanic = apprentice(occupations=["7231"], isced_f="0716")
    dispatcher = offer(occupations=["4323"], isced_f="1041")
    assert refused(mechanic, dispatcher) == ["occupation"]
    assert refused(mechanic, offer(occupations=["4323"], isced_f="0716")) == []


def test_no_sector_is_not_a_sector_in_common() -> None:
    assert refused(apprentice(occupations=["9211"]), offer(occupations=["5152"])) == ["occupation"]


def test_the_least_closeness_of_the_policy_is_close_enough_itself() -> None:
    pair = apprentice(occupations=["7223"]), offer(occupations=["7222"])
    assert refused(*pair, min_closeness=0.8) == []
    assert refused(*pair, min_closeness=0.81) == ["occupation"]


def test_nothing_in_common_is_refused_even_where_the_policy_asks_for_no_closeness() -> None:
    pair = apprentice(occupations=["7512"]), offer(occupations=["7223"])
    assert refused(*pair, min_closeness=0.0) == ["occupation"]


def test_destinations_that_are_named_leave_the_others_out() -> None:
    assert refused(apprentice(destinations=["FI", "DE"]), offer(country="DE")) == []
    assert refused(apprentice(destinations=["FI"]), offer(country="DE")) == ["destination"]
    assert refused(apprentice(destinations=[]), offer(country="DE")) == []


@pytest.mark.parametrize(
    ("known", "supported", "refusal"),
    [
        ({"en": "B1"}, False, []),
        ({"en": "C1"}, False, []),
        ({"en": "A2"}, False, ["language"]),
        ({"en": "A2"}, True, []),
        ({"en": "A1"}, True, ["language"]),
        ({"de": "C2"}, True, ["language"]),
        ({}, True, ["language"]),
    ],
)
def test_the_language_is_known_at_the_level_or_one_below_where_supported(
    known: dict[str, str], supported: bool, refusal: list[str]
) -> None:
    host = offer(languages={"en": "B1"}, language_support=supported)
    assert refused(apprentice(languages=known), host) == refusal


def test_many_languages_are_all_looked_at_in_a_round() -> None:
    """More than ten languages need a second word of the masks, which blocks have to try too."""
    spoken = [row["code"] for row in default_reference().rows("languages")][:24]
    people = [apprentice(id=f"A-{code}", languages={code: "B1"}) for code in spoken]
    offers = [offer(id=f"O-{code}", languages={code: "B1"}) for code in spoken]
    found = matcher.propose(problem(people, offers)).proposals
    assert {(p.apprentice, p.offer) for p in found} == {(f"A-{c}", f"O-{c}") for c in spoken}


def test_language_support_still_asks_for_the_lowest_level() -> None:
    host = offer(languages={"pl": "A1"}, language_support=True)
    assert refused(apprentice(languages={"pl": "A1"}), host) == []
    assert refused(apprentice(languages={"en": "C2"}), host) == ["language"]


def test_any_one_of_the_offers_languages_is_enough() -> None:
    host = offer(languages={"de": "A2", "en": "B2"})
    assert refused(apprentice(languages={"de": "A2"}), host) == []
    assert refused(apprentice(languages={"en": "B2"}), host) == []
    assert refused(apprentice(languages={"de": "A1", "en": "B1"}), host) == ["language"]


def test_more_languages_than_one_machine_word_holds_stay_apart() -> None:
    spoken = ["bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hu", "it", "pl", "pt"]
    hosts = [offer(id=f"O-{code}", languages={code: "B1"}) for code in spoken]
    people = [
        apprentice(id=f"A-{code}", languages={code: level})
        for code, level in zip(spoken, ["B1", "A2"] * 7, strict=True)
    ]
    found = refusing_rules(problem(people, hosts))
    assert {pair for pair, rules in found.items() if not rules} == {
        (f"A-{code}", f"O-{code}") for code in spoken[::2]
    }


def test_both_sides_need_one_mode_in_common() -> None:
    blended = offer(modes=["blended"])
    assert refused(apprentice(modes=["physical"]), blended) == ["mode"]
    assert refused(apprentice(modes=["physical", "blended"]), blended) == []
    assert refused(apprentice(modes=["physical"]), offer(modes=["blended", "physical"])) == []


def test_an_offer_that_names_statuses_takes_no_others() -> None:
    student = apprentice(status="STUDENT_PLACEMENT")
    assert refused(student, offer(statuses=["EMPLOYEE_TRAINING_CONTRACT"])) == ["status"]
    assert (
        refused(student, offer(statuses=["EMPLOYEE_TRAINING_CONTRACT", "STUDENT_PLACEMENT"])) == []
    )
    assert refused(student, offer(statuses=[])) == []


def test_every_licence_that_the_work_needs_is_held() -> None:
    host = offer(licences=["WELDING", "FIRST_AID"])
    assert refused(apprentice(licences=["WELDING"]), host) == ["licences"]
    assert refused(apprentice(licences=["FORKLIFT", "FIRST_AID", "WELDING"]), host) == []
    assert refused(apprentice(licences=["FORKLIFT"]), offer(licences=[])) == []


def test_a_host_that_nobody_verified_is_refused() -> None:
    assert refused(apprentice(), offer(verified=False)) == ["host_verified"]


def test_an_excluded_company_is_refused_at_every_one_of_its_offers() -> None:
    hosts = [offer(id="O-1", company="C"), offer(id="O-2", company="C"), offer(id="O-3")]
    found = refusing_rules(problem([apprentice(excluded_companies=["C"])], hosts))
    assert found == {
        ("A-1", "O-1"): ["company_excluded"],
        ("A-1", "O-2"): ["company_excluded"],
        ("A-1", "O-3"): [],
    }


def test_a_declined_pair_stays_away_until_its_reason_is_resolved() -> None:
    people = [apprentice(id="A-1"), apprentice(id="A-2")]
    hosts = [offer(id="O-1"), offer(id="O-2")]
    declined = [
        {"apprentice": "A-1", "offer": "O-2", "reason": "distance"},
        {"apprentice": "A-2", "offer": "O-1", "reason": "distance", "resolved": True},
    ]
    assert refusing_rules(problem(people, hosts, declined=declined)) == {
        ("A-1", "O-1"): [],
        ("A-1", "O-2"): ["declined"],
        ("A-2", "O-1"): [],
        ("A-2", "O-2"): [],
    }


def test_a_pair_that_was_declined_twice_needs_both_reasons_resolved() -> None:
    twice = [
        {"apprentice": "A-1", "offer": "O-1", "reason": "distance", "resolved": True},
        {"apprentice": "A-1", "offer": "O-1", "reason": "hours"},
    ]
    assert refused(apprentice(), offer(), declined=twice) == ["declined"]


def test_the_working_age_of_both_countries_counts() -> None:
    assert refused(aged(15, country="FI"), offer(country="DE", hours=DAY_SHIFT)) == []
    spaniard = aged(15, country="ES", available_to="2027-06-30")
    assert refused(spaniard, offer(country="DE", hours=DAY_SHIFT)) == ["minimum_age"]
    to_portugal = offer(country="PT", hours=DAY_SHIFT)
    assert refused(aged(15, country="FI"), to_portugal) == ["minimum_age"]
    assert refused(aged(16, country="FI"), to_portugal) == []


def test_nobody_under_15_works_even_where_no_country_says_so() -> None:
    host = offer(country="FR", hours=DAY_SHIFT)
    assert refused(aged(14, country="IT"), host) == ["minimum_age"]
    assert refused(aged(15, country="IT"), host) == []


def test_the_least_age_of_the_offer_counts() -> None:
    host = offer(min_age=21)
    assert refused(aged(20), host) == ["minimum_age"]
    assert refused(aged(21), host) == []


def test_a_birthday_on_the_last_possible_first_day_is_early_enough() -> None:
    """28 days until 30 June begin on 3 June at the latest."""
    host = offer(min_age=18)
    assert refused(apprentice(birth_date="2009-06-03"), host) == []
    assert refused(apprentice(birth_date="2009-06-04"), host) == ["minimum_age", "working_time"]


def test_minors_are_not_placed_into_unknown_hours() -> None:
    assert refused(aged(17), offer(hours=None)) == ["working_time"]
    assert refused(aged(18), offer(hours=None)) == []


@pytest.mark.parametrize(
    ("age", "start", "refusal"),
    [
        (15, "06:00", ["minimum_age", "working_time"]),
        (16, "04:00", ["working_time"]),
        (16, "04:59", ["working_time"]),
        (16, "05:00", []),
        (17, "03:59", ["working_time"]),
        (17, "04:00", []),
        (18, "03:00", []),
    ],
)
def test_a_german_bakery_begins_at_5_with_16_and_at_4_with_17(
    age: int, start: str, refusal: list[str]
) -> None:
    """JArbSchG section 14: bakeries from 5 for those over 16, from 4 for those over 17.

    The directive's own window of 6 to 23 has to give way, or no row for bakers could matter.
    """
    bakery = offer(country="DE", occupations=["7512"], hours=shift(start, "12:00", 7))
    floor = [
        {"country": "EU", "age_from": 15, "window_start": "04:00"}  # as the directive's art. 9(2)
        | {"age_to": 17, "status": "", "occupations": ""}
    ]
    person = aged(age, country="PT", occupations=["7512"])
    national = [{"country": "PT", "age_from": 16, "window_start": "04:00"}]
    national = [row | {"status": "", "occupations": ""} for row in national]
    changed = {"working_time": [*floor, *national]}
    assert refused(person, bakery, reference=changed) == refusal


def test_as_the_lists_stand_no_minor_from_poland_begins_in_a_german_bakery_at_4() -> None:
    bakery = offer(country="DE", occupations=["7512"], hours=shift("04:00", "12:00"))
    assert refused(aged(17, country="PL", occupations=["7512"]), bakery) == ["working_time"]
    assert refused(aged(18, country="PL", occupations=["7512"]), bakery) == []


def test_german_gastronomy_may_keep_those_of_16_until_22_and_others_until_20() -> None:
    late = shift("14:00", "22:00")
    cook = aged(16, country="FI", occupations=["5120"])
    assert refused(cook, offer(country="DE", occupations=["5120"], hours=late)) == []
    later = shift("14:01", "22:01")
    assert refused(cook, offer(country="DE", occupations=["5120"], hours=later)) == ["working_time"]
    turner = aged(16, country="FI", occupations=["7223"])
    assert refused(turner, offer(country="DE", hours=late)) == ["working_time"]
    assert refused(turner, offer(country="DE", hours=shift("12:00", "20:00"))) == []


def test_an_offer_with_two_occupations_respects_the_stricter_row() -> None:
    late = shift("14:00", "22:00")
    cook = aged(16, country="FI", occupations=["5120"])
    both = offer(country="DE", occupations=["5120", "7223"], hours=late)
    assert refused(cook, both) == ["working_time"]


def test_the_longest_prefix_of_an_occupation_decides_which_row_counts() -> None:
    rows = [
        {"country": "DE", "status": "", "age_from": 16, "age_to": 17}
        | {"occupations": occupations, "window_start": "06:00", "window_end": end}
        for occupations, end in (("5120", "19:00"), ("51;7", "22:00"))
    ]
    cook = aged(16, country="FI", occupations=["5120"])
    hosts = {"country": "DE", "hours": shift("12:00", "20:00")}
    strict = offer(occupations=["5120.1"], **hosts)
    assert refused(cook, strict, reference={"working_time": rows}) == ["working_time"]
    waiting = offer(occupations=["5131"], **hosts)
    assert refused(cook, waiting, reference={"working_time": rows}) == []


@pytest.mark.parametrize(
    ("age", "end", "refusal"),
    [
        (16, "22:00", []),
        (16, "22:01", ["working_time"]),
        (17, "23:00", ["working_time"]),
        (18, "23:00", []),
    ],
)
def test_a_hotel_evening_in_portugal_ends_at_22_for_minors(
    age: int, end: str, refusal: list[str]
) -> None:
    hotel = offer(country="PT", occupations=["4224"], hours=shift("15:00", end, 7))
    assert refused(aged(age, country="FI", occupations=["4224"]), hotel) == refusal


@pytest.mark.parametrize(
    ("age", "per_day", "refusal"),
    [(15, 6, []), (15, 6.5, ["working_time"]), (15, 8, ["working_time"]), (16, 8, [])],
)
def test_polish_apprentices_of_15_work_6_hours_wherever_they_go(
    age: int, per_day: float, refusal: list[str]
) -> None:
    pole = aged(age, country="PL", available_to="2027-04-30")
    assert refused(pole, offer(hours=shift("08:00", "16:00", per_day))) == refusal


def test_a_young_pole_who_turns_16_in_time_may_work_8_hours() -> None:
    pole = apprentice(
        country="PL", birth_date="2011-04-15", days={"min": 28, "ideal": 28, "max": 28}
    )
    assert refused(pole, offer(hours=shift("08:00", "16:00"))) == []


def test_the_rest_between_two_days_counts() -> None:
    """14 hours in Poland, 12 elsewhere."""
    long_day = shift("08:00", "18:00")
    assert refused(aged(17, country="PL"), offer(hours=long_day)) == []
    longer = shift("08:00", "18:01")
    assert refused(aged(17, country="PL"), offer(hours=longer)) == ["working_time"]
    assert refused(aged(17, country="FI"), offer(hours=longer)) == []


def test_the_days_and_hours_of_a_week_count() -> None:
    six_days = shift("08:00", "14:00", 6, 6)
    assert refused(aged(17, country="FI"), offer(country="DE", hours=six_days)) == ["working_time"]
    assert refused(aged(18, country="FI"), offer(country="DE", hours=six_days)) == []
    long_week = shift("08:00", "17:00", 8.5, 5)
    assert refused(aged(17, country="FI"), offer(hours=long_week)) == ["working_time"]


def test_adults_with_a_spanish_training_contract_do_no_night_or_shift_work() -> None:
    """RD 1065/2025: adults too; students of the general regime may."""
    contract = {"status": "EMPLOYEE_TRAINING_CONTRACT", "birth_date": "2000-01-01"}
    night = offer(hours=shift("22:00", "06:00"))
    assert refused(apprentice(country="ES", **contract), night) == ["working_time"]
    assert (
        refused(apprentice(country="DE", **contract), offer(country="FI", hours=night.hours)) == []
    )
    assert refused(apprentice(country="ES", birth_date="2000-01-01"), night) == []
    evening = offer(hours=shift("14:00", "22:00"))
    assert refused(apprentice(country="ES", **contract), evening) == []


def test_the_rows_for_a_status_bind_the_sending_country_only() -> None:
    contract = {"status": "EMPLOYEE_TRAINING_CONTRACT", "birth_date": "2000-01-01"}
    night = offer(country="ES", hours=shift("22:00", "06:00"))
    assert refused(apprentice(country="FI", **contract), night) == []


@pytest.mark.parametrize(
    ("task", "age", "refusal"),
    [
        ("ALCOHOL_SERVICE", 17, ["hazards"]),
        ("ALCOHOL_SERVICE", 18, []),
        ("HEAVY_LIFTING", 15, ["hazards"]),
        ("HEAVY_LIFTING", 16, []),
    ],
)
def test_tasks_are_barred_below_their_age(task: str, age: int, refusal: list[str]) -> None:
    host = offer(hours=DAY_SHIFT, tasks=[task])
    born = aged(age, country="FI", available_to="2027-04-30")
    assert refused(born, host) == refusal


def test_the_strictest_of_several_tasks_counts() -> None:
    host = offer(hours=DAY_SHIFT, tasks=["HEAVY_LIFTING", "DRIVING"])
    assert refused(aged(17, country="FI"), host) == ["hazards"]


def test_a_quarter_of_the_training_is_the_most_for_german_contracts() -> None:
    """Three years give nine months; stays before count."""
    contract = {
        "country": "DE",
        "status": "EMPLOYEE_TRAINING_CONTRACT",
        "training_days": 1096,
        "days": {"min": 28, "ideal": 28, "max": 84},
    }
    host = offer(country="FI")
    assert refused(apprentice(**contract, days_abroad=274 - 28), host) == []
    assert refused(apprentice(**contract, days_abroad=274 - 27), host) == ["national_limits"]
    assert refused(apprentice(**contract | {"country": "PL"}, days_abroad=274), host) == []
    student = contract | {"status": "STUDENT_PLACEMENT"}
    assert refused(apprentice(**student, days_abroad=274), host) == []


def test_a_stay_of_a_graduate_ends_within_12_months_of_completion() -> None:
    graduate = {"status": "RECENT_GRADUATE", "days": {"min": 28, "ideal": 28, "max": 28}}
    # Free from 1 March 2027, so 28 days end on 28 March at the earliest.
    assert refused(apprentice(**graduate, graduated_on="2026-03-28"), offer()) == []
    early = apprentice(**graduate, graduated_on="2026-03-27")
    assert refused(early, offer()) == ["national_limits"]


def test_the_graduates_limit_counts_from_the_first_allowed_weekday() -> None:
    graduate = apprentice(
        status="RECENT_GRADUATE",
        days={"min": 28, "ideal": 28, "max": 28},
        graduated_on="2026-03-28",
    )
    assert refused(graduate, offer(), start_weekdays=[1]) == []  # 1 March 2027 is a Monday
    assert refused(graduate, offer(), start_weekdays=[2]) == ["national_limits"]


@pytest.mark.parametrize(
    ("provision", "refusal"),
    [("certified", []), ("declared", []), ("unknown", ["hard_needs"]), (None, ["hard_needs"])],
)
def test_a_hard_need_is_met_by_what_is_certified_or_declared(
    provision: str | None, refusal: list[str]
) -> None:
    person = apprentice(needs={"STEP_FREE_ACCESS": "hard"})
    provisions = {} if provision is None else {"STEP_FREE_ACCESS": provision}
    assert refused(person, offer(provisions=provisions)) == refusal


def test_every_hard_need_has_to_be_met() -> None:
    person = apprentice(needs={"STEP_FREE_ACCESS": "hard", "ACCESSIBLE_TOILET": "hard"})
    host = offer(provisions={"STEP_FREE_ACCESS": "certified", "MEALS_PROVIDED": "certified"})
    assert refused(person, host) == ["hard_needs"]


def test_a_soft_need_refuses_nothing() -> None:
    assert refused(apprentice(needs={"QUIET_SPACE": "soft"}), offer()) == []


def test_an_accepted_need_opens_exactly_the_pair_for_which_it_was_accepted() -> None:
    needs = {"STEP_FREE_ACCESS": "hard", "ACCESSIBLE_TOILET": "hard"}
    people = [apprentice(id="A-1", needs=needs), apprentice(id="A-2", needs=needs)]
    hosts = [offer(id=f"O-{n}", provisions={"ACCESSIBLE_TOILET": "declared"}) for n in (1, 2)]
    accepted = [{"apprentice": "A-1", "offer": "O-2", "need": "STEP_FREE_ACCESS"}]
    assert refusing_rules(problem(people, hosts, accepted_needs=accepted)) == {
        ("A-1", "O-1"): ["hard_needs"],
        ("A-1", "O-2"): [],
        ("A-2", "O-1"): ["hard_needs"],
        ("A-2", "O-2"): ["hard_needs"],
    }


def test_accepting_one_need_leaves_the_others_open_and_several_add_up() -> None:
    person = apprentice(needs={"STEP_FREE_ACCESS": "hard", "ACCESSIBLE_TOILET": "hard"})
    one = {"apprentice": "A-1", "offer": "O-1", "need": "STEP_FREE_ACCESS"}
    other = one | {"need": "ACCESSIBLE_TOILET"}
    assert refused(person, offer(), accepted_needs=[one]) == ["hard_needs"]
    assert refused(person, offer(), accepted_needs=[one, other]) == []


def test_all_refusing_rules_are_named_in_the_order_in_which_they_are_tried() -> None:
    person = apprentice(
        country="DE",
        occupations=["7512"],
        birth_date="2015-01-01",
        languages={},
        destinations=["FI"],
        excluded_companies=["company-of-O-1"],
        needs={"STEP_FREE_ACCESS": "hard"},
        status="EMPLOYEE_TRAINING_CONTRACT",
        training_days=40,
    )
    host = offer(
        available_to="2027-03-05",
        modes=["blended"],
        statuses=["TRAINEE_WITH_GRANT"],
        licences=["WELDING"],
        verified=False,
        tasks=["DRIVING"],
    )
    declined = [{"apprentice": "A-1", "offer": "O-1"}]
    assert refused(person, host, declined=declined) == [
        "abroad",
        "occupation",
        "destination",
        "language",
        "mode",
        "status",
        "licences",
        "host_verified",
        "dates",
        "company_excluded",
        "declined",
        "minimum_age",
        "working_time",
        "hazards",
        "national_limits",
        "hard_needs",
    ]


def test_a_changed_row_of_the_reference_changes_the_rule() -> None:
    person = aged(16, country="FI")
    host = offer(hours=DAY_SHIFT)
    older = {"countries": [{"code": "DE", "min_working_age": 17}]}
    assert refused(person, host) == []
    assert refused(person, host, reference=older) == ["minimum_age"]
    assert refused(aged(17, country="FI"), host, reference=older) == []


def test_a_new_country_is_a_row_of_the_reference() -> None:
    row = {"code": "CH", "min_working_age": 15, "en": "Switzerland"}
    swiss = offer(country="CH", hours=DAY_SHIFT)
    with pytest.raises(ValueError, match="'CH' is not a programme country"):
        problem([aged(15, country="FI")], [swiss])
    assert refused(aged(15, country="FI"), swiss, reference={"countries": [row]}) == []
    assert refused(aged(14, country="FI"), swiss, reference={"countries": [row]}) == ["minimum_age"]


def test_a_row_of_the_reference_for_another_country_changes_nothing() -> None:
    older = {"countries": [{"code": "PT", "min_working_age": 18}]}
    assert refused(aged(16, country="FI"), offer(hours=DAY_SHIFT), reference=older) == []


def test_where_dates_leave_no_stay_age_refuses_only_who_is_too_young_to_the_end() -> None:
    """18 within the offer's window, and no length that suits both: only the dates refuse."""
    host = offer(
        available_from="2027-03-01",
        available_to="2027-06-30",
        days={"min": 14, "max": 20},
        min_age=18,
    )
    long_stay = {"min": 60, "ideal": 70, "max": 80}
    assert refused(apprentice(birth_date="2009-04-15", days=long_stay), host) == ["dates"]
    assert refused(apprentice(birth_date="2009-07-15", days=long_stay), host) == [
        "dates",
        "minimum_age",
        "working_time",
    ]
