"""A host posts an offer in steps, changes it, uses it again."""

import datetime
import re
import uuid
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.pages.offer_forms import ASKED, HAZARDS
from api.services import placements
from matcher.vocabulary import LANGUAGES, default_reference
from tests.api.alliance import Alliance
from tests.api.decided import asked_company, placed
from tests.api.pages.browsing import sent, text_of
from tests.api.roles.decisions import asked

WORK = {"title": "Baker's assistant", "occupations": "7512", "then": "next"}
WHEN = {"version": "1", "then": "next", "available_from": "2027-03-01", "places": "2",
        "available_to": "2027-07-31", "reserved": "1", "days_min": "14", "days_max": "56",
        "hours_start": "06:00", "hours_end": "14:00", "hours_per_day": "7.5",
        "days_per_week": "5", "min_age": "16"}  # fmt: skip
PLACE = {"version": "2", "then": "next", "language-0": "de", "level-0": "A2", "language-1": "en",
         "level-1": "B1", "has-STEP_FREE_ACCESS": "yes", "has-ALLERGEN_FLOUR": "no",
         "has-QUIET_SPACE": "unknown", "tasks": ["DANGEROUS_MACHINES"]}  # fmt: skip


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def stored(alliance: Alliance, title: str) -> dict[str, Any]:
    """An offer as it stands, with its windows."""
    with transaction(alliance.engine, writes=False) as session:
        row = session.exec(select(models.Offer).where(models.Offer.title == title)).one()
        of = col(models.OfferWindow.offer_id) == row.id
        windows = session.exec(select(models.OfferWindow).where(of)).all()
        return row.model_dump() | {"windows": [one.model_dump() for one in windows]}


def posted(browser: TestClient) -> str:
    """The address of an offer of which the first step was sent."""
    answer = sent(browser, "/offers/new", WORK)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).rpartition("/steps/")[0]


def test_a_baker_posts_an_offer_in_four_steps(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    assert "Find an occupation by a word" in browser.get("/offers/new").text
    offer = posted(browser)
    assert stored(alliance, WORK["title"])["status"] == "draft"
    when = sent(browser, f"{offer}/steps/when", WHEN)
    assert when.headers["location"] == f"{offer}/steps/workplace", when.text
    place = sent(browser, f"{offer}/steps/workplace", PLACE)
    assert place.headers["location"] == f"{offer}/steps/look", place.text
    look = browser.get(f"{offer}/steps/look").text
    for told in ("2 weeks to 8 weeks", "06:00 to 14:00, 7.5 hours a day, 5 days a week",
                 "From 16 years", "German (A2: simple talks)", "Step-free access",
                 "said by the host"):  # fmt: skip
        assert told in look, told
    version = re.findall(r'name="version" value="(\d+)"', look)[0]
    done = sent(browser, f"{offer}/publication", {"version": version})
    assert done.headers["location"] == f"{offer}?done=published", done.text
    row = stored(alliance, WORK["title"])
    assert (row["status"], row["min_age"], row["tasks"]) == ("published", 16,
                                                             ["DANGEROUS_MACHINES"])  # fmt: skip
    assert row["languages"] == {"de": "A2", "en": "B1"}
    assert [(one["places"], one["reserved"]) for one in row["windows"]] == [(2, 1)]
    levels = row["provisions"]
    assert (levels["STEP_FREE_ACCESS"], levels["QUIET_SPACE"]) == ("declared", "unknown")
    assert "ALLERGEN_FLOUR" not in levels
    assert "2 of 2 places are free" in browser.get("/offers").text


def test_after_publishing_one_reads_what_happens_next_and_when(alliance: Alliance) -> None:
    browser, offer = alliance.browser("company"), f"/offers/{alliance.offer.id}"
    paused = sent(browser, f"{offer}/pause", {"version": "1"})
    page = text_of(browser.get(paused.headers["location"]))
    assert "Done: your offer pauses." in page
    assert "Resume" in page
    assert "Publish" not in page
    assert "Resume" in browser.get(f"{offer}/steps/look").text
    again = sent(browser, f"{offer}/publication", {"version": "2"})
    page = text_of(browser.get(again.headers["location"]))
    assert "Done: your offer is published." in page
    # the call closes on the 14th: matchings propose from the night after the 15th on
    assert "The next matching is on 16 January 2027, 02:00." in page
    assert "Done:" not in text_of(browser.get(offer))
    closed = sent(browser, f"{offer}/close", {"version": "3"})
    assert "Done: your offer is closed." in browser.get(closed.headers["location"]).text
    assert "Done:" not in browser.get(f"{offer}?done=published").text


def test_until_the_call_closes_the_next_matching_is_the_one_that_proposes(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        call = session.get_one(models.Call, alliance.call.id)
        call.closes_on = datetime.date(2027, 2, 10)
    browser, offer = alliance.browser("company"), f"/offers/{alliance.offer.id}"
    page = text_of(browser.get(f"{offer}?done=published"))
    assert "The next matching is on 11 February 2027, 02:00." in page
    with transaction(alliance.engine) as session:
        session.get_one(models.Call, alliance.call.id).status = models.CallStatus.FINISHED
    assert "<li>Matching looks for people" in browser.get(f"{offer}?done=published").text


def test_hours_and_tasks_say_whom_the_law_keeps_away(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    offer = posted(browser)  # a bakery in Germany
    form = text_of(browser.get(f"{offer}/steps/when"))
    for age, start in ((15, "06:00"), (16, "05:00"), (17, "04:00")):
        assert f"At the age of {age}: between {start} and 20:00, at most 8 hours a day" in form
    for hours, told in (
        ({"hours_start": "03:00", "hours_end": "11:00"}, "nobody under 18 can come."),
        ({"hours_start": "04:00", "hours_end": "12:00"}, "people can come from the age of 17."),
        ({"hours_start": "06:00", "hours_end": "14:00"}, ""),
    ):
        version = re.findall(r'name="version" value="(\d+)"',
                             browser.get(f"{offer}/steps/when").text)[0]  # fmt: skip
        then = sent(browser, f"{offer}/steps/when", WHEN | hours | {"version": version})
        page = text_of(browser.get(then.headers["location"]))
        assert told in page
        assert ("With these working hours" in page) is bool(told)
    version = re.findall(r'name="version" value="(\d+)"', browser.get(offer).text)[0]
    tasks = {"version": version, "tasks": ["LONE_WORK", "DANGEROUS_MACHINES"]}
    look = sent(browser, f"{offer}/steps/workplace", PLACE | tasks).headers["location"]
    page = text_of(browser.get(look))
    assert "Dangerous machines and tools: only for people of 16 or older." in page
    assert "Working alone: only for people of 18 or older." in page


def test_little_to_learn_is_said_before_one_publishes(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    offer = posted(browser)
    told = "People are matched by what they learn here too: choose at least three."
    assert told in text_of(browser.get(f"{offer}/steps/look"))
    learned = {"version": "1", "own_outcomes": "shape dough\nbake bread\nkeep an oven"}
    assert sent(browser, f"{offer}/steps/workplace", PLACE | learned).status_code == 303
    assert told not in text_of(browser.get(f"{offer}/steps/look"))


def test_nothing_more_of_a_theme_answers_what_is_not_known_and_nothing_else(
    alliance: Alliance,
) -> None:
    browser = alliance.browser("company")
    offer = posted(browser)
    page = browser.get(f"{offer}/steps/workplace").text
    assert not re.search(r'value="yes" checked|name="nothing"[^>]* checked', page)
    assert "(4 not answered)" in text_of(browser.get(f"{offer}/steps/workplace"))
    said = {f"has-{code}": "unknown" for code in ASKED} | PLACE | {"version": "1", "nothing": "0"}
    assert sent(browser, f"{offer}/steps/workplace", said).status_code == 303
    levels = stored(alliance, WORK["title"])["provisions"]
    assert levels["STEP_FREE_ACCESS"] == "declared"
    assert not levels.keys() & {"ACCESSIBLE_TOILET", "PUBLIC_TRANSPORT_REACH"}
    assert levels["NO_DRIVING"] == "unknown"  # another theme
    page = text_of(browser.get(f"{offer}/steps/workplace"))
    assert "Getting in and getting there (all answered)" in page


def test_field_ways_and_who_can_come_are_said_and_kept(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    answer = sent(browser, "/offers/new", WORK | {"isced_f": "0721", "is_public": "1"})
    offer = answer.headers["location"].rpartition("/steps/")[0]
    more = {"statuses": ["STUDENT_PLACEMENT", "RECENT_GRADUATE"], "modes": ["physical", "blended"]}
    assert sent(browser, f"{offer}/steps/when", WHEN | more).status_code == 303
    row = stored(alliance, WORK["title"])
    assert (row["isced_f"], row["is_public"]) == ("0721", True)
    assert (row["statuses"], row["modes"]) == (more["statuses"], more["modes"])
    page = text_of(browser.get(offer))
    assert "Student on a placement or Recent graduate" in page
    assert "partly online from home" in page
    without = WHEN | {"version": "3", "statuses": "RECENT_GRADUATE"}
    for name in ("available_from", "available_to", "places", "reserved"):
        del without[name]
    version = re.findall(r'name="version" value="(\d+)"', browser.get(offer).text)[0]
    assert sent(browser, f"{offer}/steps/when", without | {"version": version}).status_code == 303
    row = stored(alliance, WORK["title"])
    assert (row["statuses"], row["modes"]) == (["RECENT_GRADUATE"], more["modes"])


def test_every_hazard_has_a_theme() -> None:
    codes = [code for _, some in HAZARDS for code in some]
    assert sorted(codes) == sorted(default_reference().codes("hazards"))


def test_find_keeps_what_was_typed_and_stores_nothing(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    typed = {"title": "Half a title", "occupation_words": "bakers", "find": "occupations"}
    page = sent(browser, "/offers/new", typed)
    assert page.status_code == 200
    assert 'value="Half a title"' in page.text
    assert 'value="7512"' in page.text
    with transaction(alliance.engine, writes=False) as session:
        titles = session.exec(select(models.Offer.title)).all()
    assert "Half a title" not in titles


def test_going_back_keeps_the_step_and_a_fault_keeps_what_was_typed(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    offer = posted(browser)
    wrong = sent(browser, f"{offer}/steps/when", WHEN | {"places": "", "min_age": "17"})
    assert wrong.status_code == 422
    assert "This is not stored yet" in wrong.text
    assert re.search(r'id="f-min_age"[^>]* value="17"', wrong.text)
    back = sent(browser, f"{offer}/steps/when", WHEN | {"then": "back", "min_age": "17"})
    assert back.headers["location"] == f"{offer}/steps/work"
    assert stored(alliance, WORK["title"])["min_age"] == 17
    assert 'value="17"' in browser.get(f"{offer}/steps/when").text


def test_an_offer_without_dates_is_not_published_and_says_so(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    offer = posted(browser)
    answer = sent(browser, f"{offer}/publication", {"version": "1"})
    assert answer.status_code == 422
    assert "This is not stored yet" in answer.text
    assert stored(alliance, WORK["title"])["status"] == "draft"


def test_a_company_without_a_workplace_gets_one_with_its_first_offer(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        new = models.Company(
            **alliance.company.model_dump(include={"region_id", "created_at", "changed_at"}),
            id=alliance.call.id, key="c-9", name="Backstube", town="Paderborn",
        )  # fmt: skip
        session.add(new)
    answer = sent(alliance.browser("hosting"), f"/hosts/{alliance.call.id}/offers/new", WORK)
    assert answer.status_code == 303, answer.text
    with transaction(alliance.engine, writes=False) as session:
        theirs = models.Site.company_id == alliance.call.id
        assert [one.name for one in session.exec(select(models.Site).where(theirs))] == [
            "Backstube"
        ]


def test_what_somebody_looked_at_stays_looked_at_when_the_host_says_yes(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Offer, alliance.offer.id)
        row.provisions = {"STEP_FREE_ACCESS": "certified", "MEDICAL_CARE_NEARBY": "declared"}
        session.add(models.ProvisionCertificate(
            id=alliance.call.id, created_at=row.created_at, offer_id=row.id,
            provision="STEP_FREE_ACCESS", certified_by="chamber",
            certified_on=row.created_at.date(),
        ))  # fmt: skip
    browser = alliance.browser("company")
    form = browser.get(f"/offers/{alliance.offer.id}/steps/workplace").text
    assert "looked at by chamber on 15 January 2027" in form
    version = re.findall(r'name="version" value="(\d+)"', form)[0]
    done = sent(browser, f"/offers/{alliance.offer.id}/steps/workplace",
                PLACE | {"version": version})  # fmt: skip
    assert done.status_code == 303, done.text
    with transaction(alliance.engine, writes=False) as session:
        levels = session.get_one(models.Offer, alliance.offer.id).provisions
    assert levels["STEP_FREE_ACCESS"] == "certified"
    assert levels["MEDICAL_CARE_NEARBY"] == "declared"


def test_dates_are_added_changed_and_taken_away(alliance: Alliance) -> None:
    browser, offer = alliance.browser("company"), f"/offers/{alliance.offer.id}"
    dates = {"available_from": "2027-09-01", "available_to": "2027-11-30", "places": "3",
             "reserved": "1"}  # fmt: skip
    assert sent(browser, f"{offer}/windows/new", dates).status_code == 303
    ways = re.findall(rf'{offer}/windows/([0-9a-f-]+)"', browser.get(offer).text)
    added = f"{offer}/windows/{next(one for one in ways if one != str(alliance.window.id))}"
    assert 'value="2027-09-01"' in browser.get(added).text
    done = sent(browser, added, dates | {"places": "4", "version": "1"})
    assert done.status_code == 303, done.text
    stale = sent(browser, added, dates | {"version": "1"})
    assert stale.status_code == 422
    assert 'name="version" value="2"' in stale.text
    assert sent(browser, f"{added}/removal", {"version": "2"}).status_code == 303
    assert "Sep" not in browser.get(offer).text


def test_an_offer_is_used_again_or_copied_for_the_next_year(alliance: Alliance) -> None:
    browser, offer = alliance.browser("company"), f"/offers/{alliance.offer.id}"
    form = browser.get(f"{offer}/again").text
    assert 'value="2028-02-28"' in form  # 1 March 2027 and 52 weeks
    again = {"version": "1", "how": "renew", "keep-0": "1", "available_from-0": "2028-02-28",
             "available_to-0": "2028-07-30", "places-0": "2", "reserved-0": "0"}  # fmt: skip
    assert sent(browser, f"{offer}/again", again).headers["location"] == offer
    copied = sent(browser, f"{offer}/again", again | {"how": "copy"})
    assert copied.status_code == 303
    assert copied.headers["location"] != offer
    assert "draft" in browser.get(copied.headers["location"]).text
    nothing = {name: value for name, value in again.items() if name != "keep-0"}
    assert "at least one line of dates" in sent(browser, f"{offer}/again", nothing).text


def test_offers_are_narrowed_by_region_and_status(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    assert "Dreherei" in browser.get("/offers?region=paderborn&status=&sector=").text
    assert "No offer is like this" in browser.get("/offers?region=lublin").text
    assert "No offer is like this" in browser.get("/offers?status=paused").text


def test_only_the_host_and_its_coordinators_see_what_changes_an_offer(alliance: Alliance) -> None:
    for who, is_shown in (("company", True), ("hosting", True), ("sending", False),
                          ("tutor", False), ("admin", False)):  # fmt: skip
        page = alliance.browser(who).get(f"/offers/{alliance.offer.id}").text
        assert ("Add other dates" in page) is is_shown, who
        assert ("The host drops out" in page) is (who == "hosting"), who
        assert ("Ask the host about something" in page) is (who in ("hosting", "sending")), who


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_offers_is_there_in_each_language(alliance: Alliance, language: str) -> None:
    browser, offer = alliance.browser("company"), f"/offers/{alliance.offer.id}"
    browser.cookies.set(LANGUAGE_COOKIE, language)
    pages = ["/offers", "/offers/new", offer, f"{offer}/again", f"{offer}/windows/new",
             f"{offer}/windows/{alliance.window.id}"]  # fmt: skip
    pages += [f"{offer}/steps/{step}" for step in ("work", "when", "workplace", "look")]
    for path in pages:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text


def test_outcomes_are_read_in_ones_language_and_stored_alike(alliance: Alliance) -> None:
    browser = alliance.browser("company")
    offer = posted(browser)
    sent(browser, f"{offer}/steps/when", WHEN)
    browser.cookies.set(LANGUAGE_COOKIE, "de")
    form = browser.get(f"{offer}/steps/workplace").text
    assert 'value="knead and shape bread doughs"' in form
    assert ">Brotteige kneten und formen</label>" in form
    own = "Öfen und Knetmaschinen reinigen.\nKunden beraten, die Brot mögen"
    chosen = {"outcomes": ["knead and shape bread doughs"], "own_outcomes": own}
    assert sent(browser, f"{offer}/steps/workplace", PLACE | chosen).status_code == 303
    assert stored(alliance, WORK["title"])["outcomes"] == [
        "knead and shape bread doughs", "clean ovens and kneading machines",
        "Kunden beraten, die Brot mögen",
    ]  # fmt: skip
    browser.cookies.set(LANGUAGE_COOKIE, "pl")
    look = browser.get(f"{offer}/steps/look").text
    for told in ("wyrabiać i formować ciasta chlebowe", "Kunden beraten, die Brot mögen"):
        assert f"<li>{told}</li>" in look
    assert "knead and shape" not in look


@pytest.mark.parametrize("path", ["/offers", "/today", "/offers/{offer}"])
def test_a_host_reads_that_a_place_is_held_until_it_is_asked(alliance: Alliance, path: str) -> None:
    path, held = path.format(offer=alliance.offer.id), "1 place is held for somebody."
    company = alliance.browser("company")
    assert held not in text_of(company.get(path))
    asked(alliance, 1)
    assert held in text_of(company.get(path))
    assert held not in text_of(alliance.browser("hosting").get(path))


def test_a_host_that_is_asked_reads_of_no_other_place(alliance: Alliance) -> None:
    asked_company(alliance)
    for path in ("/offers", f"/offers/{alliance.offer.id}"):
        assert "is held" not in text_of(alliance.browser("company").get(path))


def test_a_stay_that_is_over_holds_no_place_for_anybody_new(alliance: Alliance) -> None:
    _, placement = placed(alliance)
    for then in (models.PlacementStatus.ABROAD, models.PlacementStatus.FINISHED):
        with transaction(alliance.engine) as session:
            row = session.get_one(models.Placement, uuid.UUID(placement))
            placements.step(session, alliance.caller("sending"), row, then)
        assert "is held" not in text_of(alliance.browser("company").get("/offers"))
