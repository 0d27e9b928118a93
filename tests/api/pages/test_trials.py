"""Weights that are tried before they are stored: what would change, for whom, and nothing more."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.errors import TrialRefusedError
from api.pages.setting_forms import CRITERIA
from api.services import settings, trying
from api.store.rows import every
from matcher.vocabulary import LANGUAGES
from models.round_views import Fate
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of

TRIED = dict.fromkeys(CRITERIA, 0.0) | {"preference": 100.0}
"""Only wishes count."""

FORM = {name: f"{value:g}" for name, value in TRIED.items()} | {"call": "2027", "version": "0"}
NEVER_WRITTEN = (
    models.Setting, models.Round, models.Proposal, models.OutboxMail, models.IdempotencyKey
)  # fmt: skip


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    """The other offer is better; Aino wishes for the first, which has one place."""
    made = Alliance(database)
    with transaction(database) as session:
        session.merge(made.offer).quality = 0.2
        session.merge(made.other_offer).quality = 0.9
        wish = {str(made.offer.id): 1.0, str(made.other_offer.id): 0.0}
        session.merge(made.aino).interest = wish
    return made


def tried(alliance: Alliance, who: str, value: dict[str, Any] = TRIED) -> trying.Trial:
    with transaction(alliance.engine, writes=False) as session:
        call = trying.open_call(session, "2027")
        return trying.weights(session, alliance.caller(who), call, value)


def test_who_would_change_place_is_counted_for_all_and_named_for_the_own_region(
    alliance: Alliance,
) -> None:
    found = tried(alliance, "sending")
    assert found.counts == {Fate.STAYED: 2, Fate.MOVED: 1, Fate.NEW: 0, Fate.LOST: 0}
    (one,) = found.own
    assert (one.name, one.fate, one.before, one.after) == ("Aino Virtanen", Fate.MOVED, 50, 100)
    assert (found.before, found.after) == (200, 250)  # the two others said nothing of it
    for who in ("hosting", "stranger", "admin"):
        other = tried(alliance, who)
        assert other.counts == found.counts
        assert (other.own, other.before, other.after) == ((), None, None)


def test_the_weights_that_hold_change_nothing(alliance: Alliance) -> None:
    found = tried(alliance, "sending", settings.KNOWN["weights"].default)
    assert found.counts == {Fate.STAYED: 3, Fate.MOVED: 0, Fate.NEW: 0, Fate.LOST: 0}
    assert found.own == ()
    assert found.before == found.after


def test_who_would_get_or_lose_a_place_is_said(alliance: Alliance) -> None:
    """Two places for three people: Leena speaks least well, and wishes for the length there is."""
    with transaction(alliance.engine) as session:
        session.get_one(models.OfferWindow, alliance.other_window.id).places = 1
        session.get_one(models.Apprentice, alliance.leena.id).days_ideal = 28
        for one in (alliance.aino, alliance.eetu):
            person = session.get_one(models.Apprentice, one.id)
            person.languages, person.days_ideal = {"en": "C2"}, 84
        for place in (alliance.offer, alliance.other_offer):
            row = session.get_one(models.Offer, place.id)
            row.languages, row.language_support, row.days_max = {"en": "B2"}, True, 28
        now = dict.fromkeys(CRITERIA, 0.0) | {"language": 100.0}
        settings.change(session, alliance.caller("sending"), "weights", now, revision=0)
    found = tried(alliance, "sending", dict.fromkeys(CRITERIA, 0.0) | {"dates": 100.0})
    assert (found.counts[Fate.NEW], found.counts[Fate.LOST]) == (1, 1)
    fates = {one.name: (one.fate, one.before is None, one.after is None) for one in found.own}
    assert fates["Leena Virtanen"] == (Fate.NEW, True, False)
    assert (Fate.LOST, False, True) in fates.values()


def test_trying_stores_nothing_and_tells_nobody(alliance: Alliance) -> None:
    browser = alliance.browser("sending")

    def rows() -> Counter[str]:
        with transaction(alliance.engine, writes=False) as session:
            return Counter(
                {str(table.__tablename__): len(every(session, table)) for table in NEVER_WRITTEN}
            )

    before = rows()
    answer = sent(browser, "/settings/weights/trial", FORM)
    assert answer.status_code == 200
    seen = text_of(answer)
    for said in ("What these points would change now", "Nothing is stored and nobody is told.",
                 "Another place 1", "Aino Virtanen Another place that fits better 50 100",
                 "The fit of all your people together: 250 instead of 200."):  # fmt: skip
        assert said in seen
    assert 'id="f-preference" name="preference" type="number" value="100"' in answer.text
    assert rows() == before
    assert "Aino" not in sent(alliance.browser("admin"), "/settings/weights/trial", FORM).text


def test_points_that_cannot_be_are_told_and_not_tried(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    less = sent(browser, "/settings/weights/trial", FORM | {"preference": "30"})
    assert less.status_code == 422
    assert "give 70 more" in less.text
    below = sent(browser, "/settings/weights/trial", FORM | {"dates": "-5", "quality": "5"})
    assert "Each of the points must be 0 or more" in below.text
    assert sent(browser, "/settings/weights/trial", FORM | {"call": "x"}).status_code == 422


def test_what_the_engine_refuses_is_told(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Apprentice, alliance.aino.id).status = "NO_SUCH_STATUS"
    with pytest.raises(TrialRefusedError):
        tried(alliance, "sending")
    answer = sent(alliance.browser("sending"), "/settings/weights/trial", FORM)
    assert answer.status_code == 422
    assert "This cannot be tried" in answer.text


@pytest.mark.parametrize(("people", "pairs", "large"), [(3, 6, False), (2, 6, True), (3, 5, True)])
def test_a_large_call_is_left_to_a_trial_matching(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch, people: int, pairs: int, large: bool
) -> None:
    """Three people are selected, two windows are published."""
    monkeypatch.setattr(trying, "MOST_PEOPLE", people)
    monkeypatch.setattr(trying, "MOST_PAIRS", pairs)
    browser = alliance.browser("sending")
    seen = sent(browser, "/settings/weights/trial", FORM).text
    assert ("Store and run a trial matching" in seen) is large
    assert ("What these points would change now" in seen) is not large


def test_points_are_stored_and_a_trial_matching_asked_for_in_one_click(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    done = sent(browser, "/settings/weights", FORM | {"then_trial": "2027"})
    with transaction(alliance.engine, writes=False) as session:
        (asked,) = every(session, models.Round)
        assert asked.kind == models.RoundKind.PREVIEW
        assert settings.of_name(session, "weights").value == TRIED
    assert done.headers["location"] == f"/matchings/{asked.id}"
    again = sent(browser, "/settings/weights", FORM | {"version": "1", "then_trial": "2027"})
    assert again.status_code == 422  # one matching of a call at a time: nothing is stored either
    with transaction(alliance.engine, writes=False) as session:
        assert settings.of_name(session, "weights").revision == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_there_in_every_language(alliance: Alliance, language: str) -> None:
    browser = alliance.browser("sending")
    browser.cookies.set("__Host-doallvet-language", language)
    assert sent(browser, "/settings/weights/trial", FORM).status_code == 200
