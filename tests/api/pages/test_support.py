"""The estimated support on the pages of a stay, and the day rates as offices enter them."""

import html
import re
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.language import Language
from api.pages import support_words
from api.services import support
from api.services.support import estimate
from matcher.vocabulary import LANGUAGES
from models import Party, RateStatus
from models.support_views import SupportShown
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent, text_of
from tests.api.roles.decisions import asked
from tests.api.roles.pages.support import GIVEN
from tests.api.roles.support import a_rate
from tests.api.test_answer_routes import asked as open_question
from tests.api.test_answer_routes import heard, link_to
from tests.api.test_support import TRIP, rate

TOLD = "Your school tells you the exact amount."


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    made = Alliance(database)
    with transaction(database) as session:
        hosts = session.get_one(models.Region, made.hosts.id)
        hosts.latitude, hosts.longitude = 51.7191, 8.7544
    return made


def told(rates: support.Rates, code: str = "en", **trip: Any) -> support_words.SupportTold:
    one = TRIP.__class__(**{**vars(TRIP), **trip})
    green = TRIP.__class__(**{**vars(one), "green": True})
    shown = SupportShown(
        standard=estimate(one, rates, "nearest"), green=estimate(green, rates, "nearest")
    )
    return support_words.told(Language(code), shown, own=True)


def test_one_line_says_about_how_much_and_behind_it_are_the_parts() -> None:
    found = told(rate(6450))
    assert found.line == "About €3,192 support (estimate)"
    assert found.parts == [
        ("The journey there and back, 1,242 km away", "€309"),
        ("14 days, €64.50 a day", "€903"),
        ("42 days, €45 a day", "€1,890"),
        ("2 travel days, €45 a day", "€90"),
    ]


def test_what_is_not_known_is_said_plainly() -> None:
    alone = told({})
    assert alone.line == "About €309 support for the journey alone (estimate)"
    assert "There is also money for each day abroad. We do not know yet how much." in alone.notes
    nothing = told({}, km=3)
    assert nothing.line == "How much support there is, we cannot say yet"
    assert "We do not know the amount for this journey." in nothing.notes
    near = told(rate(6400), km=3)
    assert near.line.startswith("About €2,")
    assert near.line.endswith("support without the journey (estimate)")
    for one in (alone, nothing, near):
        assert one.notes[-1] == TOLD


def test_numbers_that_are_not_official_are_called_what_they_are() -> None:
    example = told(rate(6400, status=RateStatus.PLACEHOLDER)).notes
    assert "The amount for each day is only an example, no real one." in example
    official = told(rate(6400)).notes
    assert "Some of these numbers may have changed since." in official
    assert not any("example" in note for note in official)


def test_a_green_journey_is_told_where_it_brings_more() -> None:
    found = told(rate(6400))
    assert found.line == "About €3,185 support (estimate)"
    assert found.notes[-3:] == [
        "By bus, train, bike or shared car it is about €3,293.",
        "Then up to 6 travel days can be paid, if they are needed.", TOLD,
    ]  # fmt: skip
    alike = told(rate(6400), km=9000).notes
    assert not any("bus" in note for note in alike)


def test_sources_stand_once_with_what_they_are_about() -> None:
    found = told(rate(6400, address="https://agency.example/rates")).sources
    assert len({(one.source, one.day) for one in found}) == len(found)
    (agency,) = [one for one in found if one.source == "Agency"]
    assert (agency.what, agency.address, agency.is_shipped) == (
        "The amount for each day", "https://agency.example/rates", False,
    )  # fmt: skip
    assert all(one.is_shipped for one in found if one is not agency)
    assert agency.day == "looked at on 10 January 2027"


@pytest.mark.parametrize(
    ("code", "whole", "with_cents"),
    [
        ("en", "€1,234", "€1,234.50"),
        ("de", "1.234\u00a0€", "1.234,50\u00a0€"),
        ("es", "1.234\u00a0€", "1.234,50\u00a0€"),
        ("fi", "1\u00a0234\u00a0€", "1\u00a0234,50\u00a0€"),
        ("pl", "1\u00a0234\u00a0€", "1\u00a0234,50\u00a0€"),
        ("pt", "1\u00a0234\u00a0€", "1\u00a0234,50\u00a0€"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_the_language_does(code: str, whole: str, with_cents: str) -> None:
    assert (Language(code).money(123_400), Language(code).money(123_450)) == (whole, with_cents)


def lines(page: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r"<summary>(About[^<]*)</summary>", page)]


def test_a_card_has_the_line_and_its_parts(alliance: Alliance) -> None:
    browser = alliance.browser("aino")
    assert (
        lines(browser.get("/suggestions").text)
        == ["About €309 support for the journey alone (estimate)"] * 2
    )
    a_rate(alliance)
    answer = browser.get("/suggestions")
    amount = 309 + 14 * 60 + 42 * 42 + 2 * 42
    assert lines(answer.text) == [f"About €{amount:,} support (estimate)"] * 2
    page = text_of(answer)
    assert "14 days, €60 a day €840" in page
    assert "42 days, €42 a day €1,764" in page
    assert "1,653 km from Savonlinna" in page
    assert page.count(TOLD) == 2
    assert "The amount for each day: Exchange fund" in page


@pytest.mark.parametrize("who", ["aino", "sending"])
def test_a_proposal_has_it_for_who_goes_and_who_sends(alliance: Alliance, who: str) -> None:
    named = asked(alliance)
    a_rate(alliance)
    page = alliance.browser(who).get(f"/proposals/{named['proposal_id']}").text
    assert len(lines(page)) == 1
    assert (TOLD in page) == (who == "aino")
    assert ("The school tells the exact amount." in page) == (who == "sending")


@pytest.mark.parametrize("party", [Party.APPRENTICE, Party.COMPANY])
def test_behind_a_personal_link_it_is_told_to_who_goes(alliance: Alliance, party: Party) -> None:
    proposal = open_question(alliance)
    a_rate(alliance)
    if party == Party.COMPANY:
        heard(alliance, proposal, Party.APPRENTICE)
    browser = alliance.client(None)
    sent(browser, "/answer", {"secret": link_to(alliance, proposal, party)})
    page = browser.get("/answer/question").text
    assert ("support (estimate)" in page, "€" in page) == (party == Party.APPRENTICE,) * 2


def test_the_host_and_its_coordinator_read_of_no_money(alliance: Alliance) -> None:
    named = asked(alliance)
    for who in ("hosting", "company"):
        page = alliance.browser(who).get(f"/proposals/{named['proposal_id']}")
        assert page.status_code == 200
        assert "€" not in page.text


def test_a_page_is_there_in_every_language(alliance: Alliance) -> None:
    named = asked(alliance)
    a_rate(alliance)
    for code in LANGUAGES:
        for who, path in (("aino", "/suggestions"), ("sending", "/support-rates"),
                          ("aino", f"/proposals/{named['proposal_id']}")):  # fmt: skip
            browser = alliance.browser(who)
            browser.cookies.set(LANGUAGE_COOKIE, code)
            assert browser.get(path).status_code == 200


def stored(alliance: Alliance) -> list[models.SupportRate]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(models.SupportRate)))


def test_a_rate_is_entered_changed_and_removed_on_the_page(alliance: Alliance) -> None:
    browser = alliance.browser("sending")
    assert "Nobody has entered an amount yet." in browser.get("/support-rates").text
    made = sent(browser, "/support-rates", GIVEN | {"version": "0"})
    assert (made.status_code, made.headers["location"]) == (303, "/support-rates")
    (row,) = stored(alliance)
    assert (row.day_cents, row.status, row.address) == (
        6450, RateStatus.OFFICIAL, "https://agency.example/rates",
    )  # fmt: skip
    (address,) = re.findall(r'href="(/support-rates\?[^"]*)"', browser.get("/support-rates").text)
    form = browser.get(html.unescape(address)).text
    assert 'value="64.50"' in form
    assert 'name="version" value="1"' in form
    assert sent(browser, "/support-rates", GIVEN | {"day_cents": "65"}).status_code == 303
    (row,) = stored(alliance)
    assert (row.day_cents, row.version) == (6500, 2)
    late = sent(browser, "/support-rates", GIVEN | {"day_cents": "66"})
    assert (late.status_code, stored(alliance)[0].day_cents) == (422, 6500)
    assert "was changed meanwhile" in late.text
    assert sent(browser, "/support-rates/remove", GIVEN).status_code == 422
    assert sent(browser, "/support-rates/remove", GIVEN | {"version": "2"}).status_code == 303
    assert stored(alliance) == []


@pytest.mark.parametrize(
    ("wrong", "told_there"),
    [
        ({"day_cents": "much"}, "such as 64 or 64.50"),
        ({"day_cents": "64,555"}, "such as 64 or 64.50"),
        ({"day_cents": ""}, "such as 64 or 64.50"),
        ({"day_cents": "0"}, "such as 64 or 64.50"),
        ({"day_cents": "500.01"}, "such as 64 or 64.50"),
        ({"day_cents": "Infinity"}, "such as 64 or 64.50"),
        ({"call_year": "2019"}, "At least 2021."),
        ({"source": ""}, "Please fill this in."),
        ({"source_date": "soon"}, "Please give a day"),
        ({"address": "javascript:alert(1)"}, "This cannot be right."),
        ({"activity": "HOLIDAY"}, "HOLIDAY"),
        ({"region": "paderborn"}, "paderborn"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    alliance: Alliance, wrong: dict[str, str], told_there: str
) -> None:
    answer = sent(alliance.browser("sending"), "/support-rates", GIVEN | {"version": "0"} | wrong)
    assert answer.status_code == 422
    assert told_there in answer.text
    assert stored(alliance) == []
    if "source" not in wrong:
        assert 'value="The agency"' in answer.text


def test_each_office_sees_the_rates_that_are_its_own(alliance: Alliance) -> None:
    a_rate(alliance)
    seen = {who: "Exchange fund" in alliance.browser(who).get("/support-rates").text
            for who in ("admin", "sending", "hosting")}  # fmt: skip
    assert seen == {"admin": True, "sending": True, "hosting": False}
