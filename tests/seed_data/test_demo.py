"""The demo alliance: what it holds, what its traps do, and what its round answers."""

import json
from collections import Counter

import pytest

import matcher
from matcher.limits import age_on
from matcher.problem import Apprentice, Offer
from matcher.vocabulary import default_reference
from seed_data.demo import COLUMNS, FOLDER, ApprenticeName, OfferName, demo_names, demo_problem
from seed_data.lists import HOST_LANGUAGE, REGIONS, read_rows


@pytest.fixture(scope="module")
def problem() -> matcher.Problem:
    return demo_problem()


@pytest.fixture(scope="module")
def result(problem: matcher.Problem) -> matcher.Result:
    return matcher.propose(problem)


@pytest.fixture(scope="module")
def apprentices(problem: matcher.Problem) -> dict[str, Apprentice]:
    return {row.id: row for row in problem.apprentices}


@pytest.fixture(scope="module")
def offers(problem: matcher.Problem) -> dict[str, Offer]:
    return {row.id: row for row in problem.offers}


@pytest.fixture(scope="module")
def sent_to(result: matcher.Result) -> dict[str, tuple[str, str, str]]:
    return {p.apprentice: (p.offer, p.start, p.end) for p in result.proposals}


def share(count: int, of: int) -> float:
    return count / of


class TestCounts:
    def test_the_sizes_of_the_alliance(self, problem: matcher.Problem) -> None:
        centres = {row["centre"] for row in read_rows("apprentices.csv", "demo")}
        assert len(centres) == 12
        assert len(problem.apprentices) == 240
        assert len(read_rows("companies.csv", "demo")) == 70
        assert len({offer.company for offer in problem.offers}) == 70
        assert len(problem.offers) == 130
        assert 185 <= sum(offer.places for offer in problem.offers) <= 195

    def test_the_shares_of_people(self, problem: matcher.Problem) -> None:
        people = problem.apprentices
        minors = [a for a in people if age_on(a.birth_date, a.available_from) < 18]
        assert 0.16 <= share(sum(a.fewer_opportunities for a in people), len(people)) <= 0.20
        assert 0.28 <= share(len(minors), len(people)) <= 0.40
        assert 0.45 <= share(sum(bool(a.destinations) for a in people), len(people)) <= 0.60
        assert sum(a.activity == "LONG_TERM_ERASMUSPRO" for a in people) == 9

    @pytest.mark.parametrize("name", [name for name in COLUMNS if name != "centres"])
    def test_every_row_and_every_id_stands_once(self, name: str) -> None:
        rows = read_rows(f"{name}.csv", "demo")
        keys = [
            row.get("id") or row.get("code") or (row["apprentice"], row["offer"]) for row in rows
        ]
        assert [key for key, count in Counter(keys).items() if count > 1] == []

    @pytest.mark.parametrize("name", [name for name in COLUMNS if name != "centres"])
    def test_the_files_are_utf8_with_one_row_a_line(self, name: str) -> None:
        content = (FOLDER / f"{name}.csv").read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        assert len(content.decode().splitlines()) == 1 + len(read_rows(f"{name}.csv", "demo"))

    def test_the_companies_and_regions_are_those_of_the_lists(self) -> None:
        fields = ("code", "region", "country", "town", "name", "sector", "size", "occupations")
        listed, demo = (
            [tuple(row[f] for f in fields) for row in read_rows("companies.csv", folder)]
            for folder in ("lists", "demo")
        )
        assert demo == listed
        regions = {row["code"]: row["country"] for row in read_rows("regions.csv", "demo")}
        assert regions == REGIONS


class TestSense:
    """Each of these would read wrong to a coordinator."""

    def test_everybody_speaks_the_language_of_home(self, problem: matcher.Problem) -> None:
        strangers = [
            a.id for a in problem.apprentices if a.languages.get(HOST_LANGUAGE[a.country]) != "C2"
        ]
        assert strangers == []

    def test_names_are_names_of_the_country(self) -> None:
        countries = {row["code"]: row["country"] for row in read_rows("centres.csv")}
        known = {
            (kind, row["country"], row["name"])
            for kind in ("first", "last")
            for row in read_rows(f"{kind}_names.csv")
        }
        odd = [
            row["id"]
            for row in read_rows("apprentices.csv", "demo")
            for kind in ("first", "last")
            if (kind, countries[row["centre"]], row[f"{kind}_name"]) not in known
        ]
        assert odd == []

    def test_nobody_has_the_same_full_name(self) -> None:
        rows = read_rows("apprentices.csv", "demo")
        assert len({(row["first_name"], row["last_name"]) for row in rows}) == len(rows)

    def test_people_learn_what_their_centre_teaches(self) -> None:
        sectors = {row["code"]: row["sectors"].split(";") for row in read_rows("centres.csv")}
        sector = {row["occupation"]: row["sector"] for row in read_rows("trades.csv")}
        odd = [
            row["id"]
            for row in read_rows("apprentices.csv", "demo")
            if sector[row["occupations"]] not in sectors[row["centre"]]
        ]
        assert odd == []

    def test_offers_are_work_of_their_company(self) -> None:
        trades = {
            row["code"]: set(row["occupations"].split(";"))
            for row in read_rows("companies.csv", "demo")
        }
        odd = [
            row["id"]
            for row in read_rows("offers.csv", "demo")
            if not set(row["occupations"].split(";")) <= trades[row["company"]]
        ]
        assert odd == []

    def test_statuses_belong_to_the_country_and_the_age(self, problem: matcher.Problem) -> None:
        usual = {
            "ES": {"EMPLOYEE_TRAINING_CONTRACT", "STUDENT_PLACEMENT", "RECENT_GRADUATE"},
            "PT": {"TRAINEE_WITH_GRANT", "RECENT_GRADUATE"},
            "FI": {"EMPLOYEE_TRAINING_CONTRACT", "STUDENT_PLACEMENT", "RECENT_GRADUATE"},
            "DE": {"EMPLOYEE_TRAINING_CONTRACT", "RECENT_GRADUATE"},
            "PL": {"EMPLOYEE_TRAINING_CONTRACT", "STUDENT_PLACEMENT", "RECENT_GRADUATE"},
        }
        odd = [a.id for a in problem.apprentices if a.status not in usual[a.country]]
        young = [
            a.id
            for a in problem.apprentices
            if a.graduated_on and age_on(a.birth_date, a.graduated_on) < 18
        ]
        assert (odd, young) == ([], [])

    def test_windows_are_open_from_february_to_july(self, problem: matcher.Problem) -> None:
        rows = (*problem.apprentices, *problem.offers)
        odd = [
            row.id
            for row in rows
            if str(row.available_from) < "2027-02-01" or str(row.available_to) > "2027-07-31"
        ]
        assert odd == []

    def test_examinations_are_days_off_for_everybody_who_is_still_at_school(
        self, problem: matcher.Problem
    ) -> None:
        examinations = [
            (row["region"], row["date_from"], row["date_to"])
            for row in read_rows("holidays.csv")
            if row["kind"] == "examination"
        ]
        odd = [
            (a.id, first)
            for a in problem.apprentices
            if a.status != "RECENT_GRADUATE"
            for region, first, last in examinations
            if region == a.region
            and first <= str(a.available_to)
            and last >= str(a.available_from)
            and not any(str(f) <= first and last <= str(t) for f, t in a.not_available)
        ]
        assert odd == []


class TestNames:
    def test_every_id_has_a_name(self, problem: matcher.Problem) -> None:
        names = demo_names()
        assert set(names.apprentices) == {a.id for a in problem.apprentices}
        assert set(names.offers) == {o.id for o in problem.offers}
        assert set(names.regions) == {row.region for row in problem.apprentices}

    def test_names_as_they_are_shown(self) -> None:
        names = demo_names()
        assert names.apprentices["pt-porto-06"] == ApprenticeName(
            "Carolina T.", "Centro de Formação Porto", "Porto"
        )
        assert names.offers["de-kornblumental-bakery"] == OfferName(
            "Bread bakery assistant, early shift", "Bäckerei Kornblumental", "Salzkotten"
        )
        assert names.regions["castilla-y-leon"] == "Castilla y León"


class TestRound:
    def test_the_round_is_certified(self, problem: matcher.Problem, result: matcher.Result) -> None:
        assert matcher.verify(problem, result) == []
        assert result.certificate.optimal
        assert result.certificate.gap == 0

    def test_clearly_more_than_half_are_placed(self, result: matcher.Result) -> None:
        assert 0.58 <= share(len(result.proposals), 240) <= 0.75

    def test_every_sector_and_every_region_is_placed(
        self,
        result: matcher.Result,
        apprentices: dict[str, Apprentice],
        offers: dict[str, Offer],
    ) -> None:
        sector = {row["occupation"]: row["sector"] for row in read_rows("trades.csv")}
        placed = {sector[apprentices[p.apprentice].occupations[0]] for p in result.proposals}
        assert placed == set(default_reference().codes("sectors"))
        assert {apprentices[p.apprentice].region for p in result.proposals} == set(REGIONS)
        assert {offers[p.offer].region for p in result.proposals} == set(REGIONS)

    def test_people_stay_for_many_different_reasons(self, result: matcher.Result) -> None:
        rules = {rule for person in result.unmatched for rule in person.excluded_by}
        assert rules >= {
            "occupation",
            "destination",
            "language",
            "licences",
            "dates",
            "minimum_age",
            "working_time",
            "hazards",
            "national_limits",
            "hard_needs",
        }
        assert {person.reason for person in result.unmatched} == {
            "no_eligible_offer",
            "offers_full",
        }

    def test_people_with_fewer_opportunities_are_placed_about_as_often(
        self, result: matcher.Result, apprentices: dict[str, Apprentice]
    ) -> None:
        placed = {p.apprentice for p in result.proposals}
        rate = {
            few: share(
                sum(a.id in placed for a in apprentices.values() if a.fewer_opportunities == few),
                sum(a.fewer_opportunities == few for a in apprentices.values()),
            )
            for few in (True, False)
        }
        assert rate[True] >= 0.8 * rate[False]


class TestTraps:
    """The rows of the table in seed_data/README.md, in its order."""

    def test_1_a_bakery_at_four_is_not_for_a_minor(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "pl-pulawy-17", "de-kornblumental-bakery")
        assert found.failing == ("working_time",)
        assert found.changes is not None
        assert [(c.by, c.to["hours"]["start"]) for c in found.changes] == [("offer", "06:00")]
        assert sent_to["pl-pulawy-17"][0] == "de-kornblumental-confectionery"

    def test_2_windows_that_miss_each_other_by_one_day(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "cyl-salamanca-09", "fi-linnanselka-kitchen")
        assert found.failing == ("dates",)
        assert found.changes is not None
        assert [c.to for c in found.changes] == [{"available_to": "2027-05-30"}]
        assert "cyl-salamanca-09" not in sent_to

    def test_3_the_step_free_office_goes_to_the_one_who_needs_it(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        office = "de-aftetal-office"
        needing = matcher.explain(problem, "pt-porto-06", office)
        assert (needing.possible, needing.eligible) == (True, 1)
        for other in ("cyl-ponferrada-20", "pl-pulawy-03"):
            found = matcher.explain(problem, other, office)
            assert found.rank == 1
            assert found.score is not None
            assert needing.score is not None
            assert found.score > needing.score
        assert [person for person, stay in sent_to.items() if stay[0] == office] == ["pt-porto-06"]

    def test_3_without_the_priority_somebody_else_would_get_the_office(
        self, problem: matcher.Problem
    ) -> None:
        content = problem.model_dump(mode="json")
        content["policy"]["priority"] = []
        other = matcher.propose(matcher.Problem.from_json(json.dumps(content)))
        assert [p.apprentice for p in other.proposals if p.offer == "de-aftetal-office"] != [
            "pt-porto-06"
        ]

    def test_4_a_quarter_of_the_training_shortens_a_stay(
        self,
        result: matcher.Result,
        apprentices: dict[str, Apprentice],
        sent_to: dict[str, tuple[str, str, str]],
    ) -> None:
        person = apprentices["de-paderborn-04"]
        assert person.training_days is not None
        assert person.training_days // 4 - person.days_abroad == 14
        assert person.days.ideal == 28
        assert [p.days for p in result.proposals if p.apprentice == person.id] == [14]
        assert sent_to[person.id][1:] == ("2027-05-10", "2027-05-23")

    def test_4_a_quarter_that_is_used_up_leaves_no_stay(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "de-paderborn-17", "es-pisuerga-cabinets")
        assert found.failing == ("national_limits",)
        assert "de-paderborn-17" not in sent_to

    def test_5_no_lorry_without_a_licence(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "de-paderborn-08", "pl-wieprzanka-trucks")
        assert found.failing == ("licences",)
        assert "de-paderborn-08" not in sent_to

    def test_6_evening_service_begins_on_the_eighteenth_birthday(
        self, apprentices: dict[str, Apprentice], sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        person = apprentices["fi-savonlinna-19"]
        assert str(person.available_from) == "2027-03-08"
        assert str(person.birth_date) == "2009-04-12"
        assert sent_to[person.id] == ("de-weserblick-evening", "2027-04-12", "2027-05-09")

    def test_7_an_unverified_host_gets_nobody(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "pt-evora-15", "fi-norppaluoto-guide")
        assert found.failing == ("host_verified",)
        assert "fi-norppaluoto-guide" not in {offer for offer, _, _ in sent_to.values()}

    def test_8_a_hotel_takes_no_more_than_its_cap(
        self,
        result: matcher.Result,
        offers: dict[str, Offer],
    ) -> None:
        hotel = "hotel-miradouro-das-andorinhas"
        assert sum(o.places for o in offers.values() if o.company == hotel) == 6
        assert sum(offers[p.offer].company == hotel for p in result.proposals) == 3
        full = {(f.offer, f.full) for person in result.unmatched for f in person.full}
        assert ("pt-andorinhas-reception", "company") in full

    def test_9_a_spanish_training_contract_allows_no_night_work(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "cyl-salamanca-07", "de-diemelgarten-night")
        assert found.failing == ("working_time",)
        assert "cyl-salamanca-07" not in sent_to

    def test_10_a_need_that_a_person_accepted_opens_one_pair(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        assert sent_to["pt-lisboa-08"][0] == "de-lindenquell-events"
        without = problem.model_copy(update={"accepted_needs": ()})
        found = matcher.explain(without, "pt-lisboa-08", "de-lindenquell-events")
        assert found.failing == ("hard_needs",)

    def test_11_a_declined_pair_comes_back_only_when_resolved(
        self, problem: matcher.Problem, sent_to: dict[str, tuple[str, str, str]]
    ) -> None:
        found = matcher.explain(problem, "pl-lublin-16", "es-ebro-alto-warehouse")
        assert found.failing == ("declined",)
        assert sent_to["cyl-valladolid-02"][0] == "pt-serra-accounts"
