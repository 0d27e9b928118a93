"""Matchings as people read them: run, watched, checked, compared."""

import datetime
import uuid

import pytest
from sqlalchemy import Engine
from sqlmodel import col

import models
from api import chain
from api.database import transaction
from api.fairness import Dimension, Measure, report
from api.language import Language
from api.pages import check_report, fairness_words
from api.sealing import SERVICE, place_of
from api.services import rounds, settings
from api.services.rounds import Worker
from api.store.rows import every
from matcher import certificate
from matcher.vocabulary import LANGUAGES
from models import ProposalStatus, RoundKind, RoundStatus
from models.round_views import Difference, Fate, Standing
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import sent, text_of
from tests.api.test_fairness import crowd

LATER = NOW + datetime.timedelta(hours=1)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def ran(
    alliance: Alliance, now: datetime.datetime = NOW, kind: RoundKind = RoundKind.PROPOSING
) -> uuid.UUID:
    """A matching that was asked for and run at a time."""
    worker = Worker("w-pages", uuid.uuid4, lambda: now)
    with transaction(alliance.engine) as session:
        asked = rounds.ask_for(session, alliance.call.code, kind, by=None, worker=worker)
    assert rounds.run_next(alliance.engine, worker) == asked.id
    return asked.id


def test_a_matching_is_run_and_its_page_says_how_far_it_is(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    assert "Run the matching now" in browser.get("/matchings").text
    asked = sent(browser, "/matchings", {"call": "2027", "kind": "proposing"})
    path = asked.headers["location"]
    assert asked.status_code == 303
    seen = browser.get(path).text
    assert "This matching waits for its turn" in seen
    assert "Getting ready." in seen
    assert f'data-events="/api/v1/rounds/{path.split("/")[-1]}/events"' in seen
    assert '<meta http-equiv="refresh"' not in seen
    assert '<meta http-equiv="refresh" content="10">' in browser.get(f"{path}?follow=true").text
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Round, uuid.UUID(path.split("/")[-1]))
        assert (row.kind, row.requested_by) == ("proposing", alliance.users["sending"].id)
        row.status, row.lease_until, row.owner = RoundStatus.RUNNING, LATER, "w"
        row.step, row.done, row.total = "candidates", 1200, 4000
    seen = browser.get(path).text
    assert "Looking at who fits where: 1,200 of 4,000 people." in seen
    assert 'max="4000" value="1200"' in seen
    assert "See how far it is" in browser.get("/matchings").text


def test_a_second_one_is_refused_in_place_and_the_first_can_be_cancelled(
    alliance: Alliance,
) -> None:
    browser = alliance.browser("sending")
    form = {"call": "2027", "kind": "preview"}
    path = sent(browser, "/matchings", form).headers["location"]
    refused = sent(browser, "/matchings", form)
    assert refused.status_code == 422
    assert 'id="faults"' in refused.text
    assert sent(browser, f"{path}/cancellation", {}).headers["location"] == path
    assert "was cancelled. Nothing of it was stored." in browser.get(path).text
    again = sent(browser, f"{path}/cancellation", {})
    assert again.status_code == 422
    assert 'id="faults"' in again.text
    assert sent(browser, "/matchings", form | {"kind": "whatever"}).status_code == 422


def test_until_people_can_no_longer_apply_there_are_previews_only(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Call, alliance.call.id).closes_on = datetime.date(2027, 2, 1)
    seen = alliance.browser("sending").get("/matchings").text
    assert "People can apply until 1 February 2027." in seen
    assert "Run the matching now" not in seen
    assert "Run a trial matching" in seen


def test_the_next_matching_of_the_schedule_is_told_in_the_time_of_home(alliance: Alliance) -> None:
    seen = alliance.browser("sending").get("/matchings").text  # Brussels 02:00 is 03:00 there
    with transaction(alliance.engine) as session:
        session.get_one(models.Region, alliance.sends.id).time_zone = "Europe/Helsinki"
    at_home = alliance.browser("sending").get("/matchings").text
    assert "16 January 2027, 02:00" in seen
    assert "16 January 2027, 03:00" in at_home


def test_the_check_report_says_every_promise_in_words(alliance: Alliance) -> None:
    done = ran(alliance)
    seen = text_of(alliance.browser("hosting").get(f"/matchings/{done}"))
    assert "3 people are proposed a place. No better result is possible." in seen
    assert "people have a place" not in seen
    assert "People proposed a place" in alliance.browser("hosting").get("/matchings").text
    assert "Promises: 10 of 10 held" in seen
    for sentence in (*check_report.PROMISES.values(), *check_report.NOT_PROMISED.values()):
        assert sentence in seen
    assert "3 new proposals were made" in seen
    assert "Fewer than five people: no figures." in seen
    assert "Fingerprint" not in seen
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Round, done)
        broken = {**row.certificate, "optimal": False}
        broken["promises"] = [{**one, "held": one["id"] != "P3"} for one in broken["promises"]]
        row.certificate, row.dropped = broken, {"place": 1, "funding": 2}
    seen = text_of(alliance.browser("hosting").get(f"/matchings/{done}"))
    assert "A better result may be possible" in seen
    assert "Promises: 9 of 10 held" in seen
    assert "No host has more people than it takes. ✗ not held" in seen
    assert "1 proposal: the place was taken meanwhile" in seen
    assert "2 proposals: no funded place was left" in seen


def test_every_promise_of_the_engine_has_its_words() -> None:
    assert [one for one, _, _ in certificate.PROMISES] == list(check_report.PROMISES)
    assert set(certificate.NOT_PROMISED) == set(check_report.NOT_PROMISED)


def test_the_fingerprint_is_for_who_reads_the_audit(alliance: Alliance) -> None:
    done = ran(alliance)
    assert "Fingerprint of the sealed files" in alliance.browser("admin").get(
        f"/matchings/{done}"
    ).text  # fmt: skip
    assert "Fingerprint" not in alliance.browser("sending").get(f"/matchings/{done}").text


def test_a_preview_has_no_fairness_report_and_says_so(alliance: Alliance) -> None:
    done = ran(alliance, kind=RoundKind.PREVIEW)
    browser = alliance.browser("sending")
    seen = browser.get(f"/matchings/{done}").text
    assert "This was a trial matching: nobody was told" in seen
    assert "3 people would be proposed a place." in seen
    assert "A trial matching has no fairness report" in seen
    assert browser.get(f"/matchings/{done}/fairness.svg").status_code == 404


def test_what_stands_out_is_said_once_in_words_with_what_to_look_at(alliance: Alliance) -> None:
    done = ran(alliance)
    told = report(
        [
            *crowd("a", 60, 50, region="savonlinna", rank=1, score=80.0, waiting_days=2),
            *crowd("b", 60, 25, region="paderborn", rank=3, score=40.0, waiting_days=30),
        ]
    )
    assert len(told.flagged[0][1].flagged) == 4
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Round, done)
        row.fairness = chain.vault_of(session).seal(
            SERVICE, place_of("round", "fairness", done),
            {"report": told.model_dump(mode="json"), "memberships": {}},
        )  # fmt: skip
    answer = alliance.browser("sending").get(f"/matchings/{done}")
    seen = text_of(answer)
    assert "75 of 120 people are proposed a place (62 %). 1 group stands out" in seen
    for text in (
        "Fewer of them are proposed a place: 42 %. That is 50 % of the rate in the best group.",
        "Their places fit less well: 40 of 100 on average.", "number 3 on average",
        "They have waited longer for a place: 30 days on average.",
        *fairness_words.LOOK.values(), fairness_words.LOOK_FOR_PLACES[Dimension.REGION],
    ):  # fmt: skip
        assert seen.count(text) == 1, text
    before_the_table = seen[: seen.index("Mean rank")]
    assert before_the_table[before_the_table.index("Alike for all?") :].count("Paderborn") == 1
    assert "of the best group;" not in seen
    for link in ("/unmatched?call=2027", "/idle?call=2027"):
        assert f'href="{link}"' in answer.text
        assert f'href="{link}"' not in alliance.browser("admin").get(f"/matchings/{done}").text


def test_every_flag_has_its_words() -> None:
    assert set(fairness_words.FOUND) == set(Measure)
    assert set(fairness_words.LOOK) == set(Measure) - {Measure.PLACED}
    assert set(fairness_words.LOOK_FOR_PLACES) == set(Dimension)


def test_fairness_comes_as_a_picture_and_a_table(alliance: Alliance) -> None:
    done = ran(alliance)
    browser = alliance.browser("sending")
    drawn = browser.get(f"/matchings/{done}/fairness.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text.startswith("<svg")
    written = browser.get(f"/matchings/{done}/fairness.csv")
    assert written.headers["content-type"].startswith("text/csv")
    assert written.text.startswith("\ufeffBy,Group,People")


def test_two_matchings_name_own_people_and_count_the_others(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:  # nobody else has to go elsewhere
        session.get_one(models.OfferWindow, alliance.window.id).places = 3
    first = ran(alliance)
    with transaction(alliance.engine) as session:
        (case,) = every(
            session, models.Proposal, col(models.Proposal.apprentice_id) == alliance.aino.id
        )
        before = case.id
        case.status, case.changed_at = ProposalStatus.DECLINED, NOW + datetime.timedelta(minutes=9)
        window = session.get_one(models.OfferWindow, case.window_id)
        window.taken -= 1
        session.get_one(models.FundedPlaces, alliance.funded.id).taken -= 1
    second = ran(alliance, LATER)
    browser = alliance.browser("sending")
    assert f"/matchings/{second}/compare/{first}" in browser.get(f"/matchings/{second}").text
    seen = browser.get(f"/matchings/{second}/compare/{first}")
    told = text_of(seen)
    assert "Aino Virtanen" in told
    assert "Somebody said no to the earlier place." in told
    assert f"/proposals/{before}" in seen.text
    assert "Eetu" not in told  # stands as before
    for who in ("hosting", "admin"):
        told = text_of(alliance.browser(who).get(f"/matchings/{second}/compare/{first}"))
        assert "Same place, same dates 2" in told
        assert "Aino" not in told
    assert browser.get(f"/matchings/{first}/compare/{second}").status_code == 409
    preview = ran(alliance, LATER, RoundKind.PREVIEW)
    assert browser.get(f"/matchings/{preview}/compare/{first}").status_code == 409


def test_of_a_place_that_the_matching_changed_the_fits_are_told() -> None:
    language = Language("en")
    before = Standing(
        proposal_id=uuid.uuid4(), title="Lathe", company="Werkstatt", town="Paderborn",
        first_day=NOW.date(), last_day=NOW.date(), status="replaced", fit=81.6,
    )  # fmt: skip
    said = {}
    for fit in (90.0, 82.3, 70.0):
        after = before.model_copy(update={"fit": fit, "status": "proposed"})
        one = Difference(
            apprentice_id=uuid.uuid4(), name="Aino", fate=Fate.MOVED, before=before, after=after
        )
        said[fit] = check_report.why(language, one, same_measure=True)
        assert "82" not in check_report.why(language, one, same_measure=False)
    assert said[90.0].endswith("fits better: 90 of 100 instead of 82.")
    assert said[82.3].endswith("Both places fit equally well: 82 of 100.")
    assert "fits less well, 70 of 100 instead of 82" in said[70.0]


def test_settings_that_were_changed_in_between_are_named(alliance: Alliance) -> None:
    first = ran(alliance)
    with transaction(alliance.engine) as session:
        settings.change(session, alliance.caller("admin", LATER), "seed", 5, revision=0)
        settings.change(session, alliance.caller("admin", LATER), "days_to_answer", 5, revision=0)
    second, third = ran(alliance, LATER), ran(alliance, LATER + datetime.timedelta(hours=1))
    browser = alliance.browser("sending")
    seen = browser.get(f"/matchings/{second}/compare/{first}").text
    assert "settings were changed" in seen
    assert 'href="/settings/seed"' in seen
    assert 'href="/settings/days_to_answer"' not in seen
    assert "settings were changed" not in browser.get(f"/matchings/{third}/compare/{second}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_are_there_in_every_language(alliance: Alliance, language: str) -> None:
    first, second = ran(alliance), ran(alliance, LATER)
    browser = alliance.browser("sending")
    browser.cookies.set("__Host-doallvet-language", language)
    for path in ("", f"/{second}", f"/{second}/compare/{first}", f"/{second}/fairness.svg"):
        assert browser.get(f"/matchings{path}").status_code == 200
