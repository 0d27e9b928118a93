"""Every code of the engine has its words."""

import pytest

import matcher
from api.language import Language
from api.sentence_texts import TEXTS
from api.sentences import Speaker, ordinal
from matcher.certificate import NOT_PROMISED
from matcher.closeness import CASES
from matcher.criteria import CRITERIA
from matcher.result import Change, Unmatched
from matcher.rules import RULES
from matcher.vocabulary import LANGUAGES, default_reference
from seed_data.demo import demo_problem

SPEAKER = Speaker(default_reference())


def test_every_code_has_a_text() -> None:
    codes = [f"rule.{rule.code}" for rule in RULES]
    codes += [f"criterion.{criterion.code}" for criterion in CRITERIA]
    codes += [f"occupation.{case}" for case in CASES]
    codes += [f"not_promised.{code}" for code in NOT_PROMISED]
    reasons = Unmatched.model_fields["reason"].annotation.__args__  # type: ignore[union-attr]
    codes += [f"unmatched.{reason}" for reason in reasons]
    assert [code for code in codes if code not in TEXTS] == []


@pytest.fixture(scope="module")
def result() -> matcher.Result:
    return matcher.propose(demo_problem())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_demo_can_be_said(result: matcher.Result, language: str) -> None:
    says = Speaker(default_reference(), Language(language))
    said = [says.reason(proposal.parts) for proposal in result.proposals]
    for person in result.unmatched:
        said.append(says.why_unmatched(person))
        said += [says.changes(near.changes) for near in person.nearest]
        said += [says.full(full, "the offer") for full in person.full]
    for offer in result.idle_offers:
        said.append(says.counts(offer.excluded_by))
        said += [says.changes(near.changes) for near in offer.nearest]
    assert [text for text in said if "{" in text or "_" in text] == []


CHANGES = {
    "accept Germany": Change(
        rule="destination", by="apprentice", to={"destinations": ["FI", "DE"]}
    ),
    "reach German B1": Change(rule="language", by="apprentice", to={"de": "B1"}),
    "host supports the language": Change(
        rule="language", by="offer", to={"language_support": True}
    ),
    "accept a blended stay": Change(
        rule="mode", by="apprentice", to={"modes": ["physical", "blended"]}
    ),
    "host takes recent graduate": Change(
        rule="status", by="offer", to={"statuses": ["RECENT_GRADUATE"]}
    ),
    "be free from 1 Mar and accept 4 weeks": Change(
        rule="dates", by="apprentice", to={"available_from": "2027-03-01", "days": {"min": 28}}
    ),
    "host opens from 1 Mar and host stays open until 2 May": Change(
        rule="dates", by="offer", to={"available_from": "2027-03-01", "available_to": "2027-05-02"}
    ),
    "host takes people from 16": Change(rule="minimum_age", by="offer", to={"min_age": 16}),
    "host changes the hours to 06:00–14:00": Change(
        rule="working_time", by="offer", to={"hours": {"start": "06:00", "end": "14:00"}}
    ),
    "host provides: quiet space for breaks": Change(
        rule="hard_needs", by="offer", to={"QUIET_SPACE": "declared"}
    ),
    "no longer exclude the company": Change(
        rule="company_excluded", by="apprentice", to={"excluded_companies": []}
    ),
}


@pytest.mark.parametrize("sentence", CHANGES)
def test_a_change_is_said_in_words(sentence: str) -> None:
    assert SPEAKER.changes([CHANGES[sentence]]) == sentence


def test_changes_that_nobody_can_make_are_said_so() -> None:
    assert SPEAKER.changes(None) == "nobody can change this"


def test_lengths_days_and_places_are_written_as_people_do() -> None:
    assert [SPEAKER.length(n) for n in (1, 6, 7, 14, 15)] == [
        "1 day", "6 days", "1 week", "2 weeks", "15 days",
    ]  # fmt: skip
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th",
    ]  # fmt: skip
