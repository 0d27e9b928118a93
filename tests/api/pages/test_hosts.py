"""Hosts as coordinators and the company itself see and change them."""

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from matcher.vocabulary import LANGUAGES
from models import Role
from tests import rows
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.roles.covers import two_coordinators
from tests.api.test_reason_routes import a_done_round


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def one(alliance: Alliance, table: Any, identity: uuid.UUID) -> Any:
    with transaction(alliance.engine, writes=False) as session:
        found = session.get_one(table, identity)
        session.expunge(found)
        return found


def test_the_list_says_who_is_looked_at_and_what_is_free(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.OfferWindow, alliance.other_window.id).taken = 1
        session.add(rows.company(alliance.hosts, key="c-3", name="Neue Backstube"))
    browser = alliance.browser("sending")
    page = browser.get("/hosts").text
    assert re.search(r"Dreherei</a>.*?<td class=\"number\">1</td>\s*<td class=\"number\">2 of 3",
                     page, re.DOTALL)  # fmt: skip
    assert re.search(r"Neue Backstube</a>.*?not yet.*?0 of 0", page, re.DOTALL)
    waiting = browser.get("/hosts?verified=false&region=paderborn").text
    assert "Neue Backstube" in waiting
    assert "Dreherei" not in waiting
    assert "Dreherei" in browser.get("/hosts?verified=&region=").text
    assert "Dreherei" in browser.get("/hosts?verified=perhaps&nothing=1").text
    assert "No host is like this" in browser.get("/hosts?region=lublin").text


def test_a_host_is_found_by_letters_that_stand_in_no_address(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    page = sent(browser, "/hosts", {"words": "drehe"})
    assert page.status_code == 200
    assert "Dreherei</a>" in page.text
    assert "Werkstatt</a>" not in page.text
    part = sent(browser, "/hosts", {"words": "drehe"}, **{"HX-Request": "true"}).text
    assert "Dreherei" in part
    assert "<html" not in part


def test_a_coordinator_adds_a_host_looks_at_it_and_invites_it(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    made = sent(browser, "/hosts/new", {"name": "Backstube", "town": "Paderborn",
                                        "max_placements": "2"})  # fmt: skip
    host = made.headers["location"]
    assert "Nobody can be proposed here before" in browser.get(host).text
    assert sent(browser, f"{host}/verification", {"name": ""}).status_code == 422
    assert sent(browser, f"{host}/verification", {"name": "Jens Beispiel"}).status_code == 303
    assert "Looked at by Jens Beispiel on 15 January 2027" in browser.get(host).text
    invited = {"name": "Uschi", "email": "Uschi@example.org", "language": "de"}
    assert sent(browser, f"{host}/invitation", invited | {"email": ""}).status_code == 422
    assert sent(browser, f"{host}/invitation", invited).status_code == 303
    assert "Uschi, uschi@example.org (invited)" in browser.get(host).text
    again = sent(browser, f"{host}/invitation", invited)
    assert again.status_code == 422
    assert 'value="Uschi@example.org"' in again.text
    with transaction(alliance.engine, writes=False) as session:
        (mail,) = session.exec(
            select(models.OutboxMail).where(models.OutboxMail.text == "invitation")
        )
        assert (mail.address, mail.language) == ("uschi@example.org", "de")
        user = session.exec(select(models.User).where(models.User.name == "Uschi")).one()
        assert (user.role, str(user.company_id)) == (Role.COMPANY, host.rpartition("/")[2])


def test_a_company_changes_its_contact_and_not_how_many_may_come(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.get_one(models.Company, alliance.company.id).max_placements = 5
    browser, path = alliance.browser("company"), f"/hosts/{alliance.company.id}/contact"
    form = browser.get(path).text
    assert "Most people at once" not in form
    version = re.findall(r'name="version" value="(\d+)"', form)[0]
    given = {"name": "Werkstatt", "town": "Paderborn", "contact_name": "Uschi", "size": "micro",
             "email": "post@example.org", "phone": "+49 5251 1", "version": version}  # fmt: skip
    done = sent(browser, path, given)
    assert done.headers["location"] == "/company", done.text
    row = one(alliance, models.Company, alliance.company.id)
    assert (row.contact_name, row.max_placements, row.key) == ("Uschi", 5, "c-1")
    page = browser.get("/company").text
    assert "up to 9 people" in page
    assert "Who can sign in for it" not in page
    stale = sent(browser, path, given | {"contact_name": "Uwe"})
    assert stale.status_code == 422
    assert 'value="Uwe"' in stale.text


def test_a_workplace_is_added_and_changed_and_keeps_its_place_on_the_map(
    alliance: Alliance,
) -> None:
    browser, sites = alliance.browser("company"), f"/hosts/{alliance.company.id}/sites"
    with transaction(alliance.engine) as session:
        site = session.exec(
            select(models.Site).where(col(models.Site.company_id) == alliance.company.id)
        ).one()
        site.latitude, site.longitude, identity = 51.7, 8.7, site.id
    given = {"name": "Halle 2", "town": "Paderborn", "address": "Am Bahnhof 1", "version": "2"}
    assert sent(browser, f"{sites}/{identity}", given).headers["location"] == "/company"
    row = one(alliance, models.Site, identity)
    assert (row.address, row.latitude) == ("Am Bahnhof 1", 51.7)
    twice = sent(browser, f"{sites}/new", given)
    assert twice.status_code == 422
    assert sent(browser, f"{sites}/new", given | {"name": "Halle 3"}).status_code == 303
    assert "Halle 3" in browser.get("/company").text


def test_another_region_reads_a_host_without_its_contact(alliance: Alliance) -> None:
    page = alliance.browser("sending").get(f"/hosts/{alliance.company.id}").text
    assert "Werkstatt" in page
    for hidden in ("werkstatt@example.org", "Whom to ask", "Who answers for it", "Post an offer"):
        assert hidden not in page, hidden


def test_somebody_answers_for_a_host_and_a_colleague_meanwhile(alliance: Alliance) -> None:
    named = two_coordinators(alliance)
    hosting = alliance.browser("hosting")
    host = f"/hosts/{alliance.company.id}"
    answer = sent(hosting, f"{host}/responsible", {"user_id": named["hosting"], "version": "0"})
    assert answer.status_code == 303
    assert "Today: hosting" in hosting.get(host).text
    sending = alliance.browser("sending")
    page = sending.get("/covers").text
    assert "Second for sending" in page
    assert "1 apprentice, 0 hosts" in page
    assert sent(sending, f"/covers/{named['cover_id']}/end", {}).status_code == 303
    assert "Second for sending" not in sending.get("/covers").text
    wrong = {"for_user_id": named["sending"], "by_user_id": named["sending"],
             "covers_from": "2027-04-01", "covers_to": "2027-04-09"}  # fmt: skip
    again = sent(sending, "/covers", wrong)
    assert again.status_code == 422
    assert 'value="2027-04-09"' in again.text


def test_idle_places_are_told_with_one_figure_and_no_needs(alliance: Alliance) -> None:
    browser = alliance.browser("hosting")
    assert "There was no matching yet" in browser.get("/idle").text
    a_done_round(alliance)
    page = browser.get("/idle").text
    assert "Werkstatt" in page
    assert "free place" in page
    assert "3 people who looked for a place go elsewhere" in page
    assert "Aino" not in page
    assert "There is no colleague" in browser.get("/covers").text
    assert "Every place of your hosts was filled" in alliance.browser("stranger").get("/idle").text
    assert browser.get("/idle?call=nothing").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_hosts_is_there_in_each_language(alliance: Alliance, language: str) -> None:
    host = f"/hosts/{alliance.company.id}"
    pages = {
        "hosting": ["/hosts", "/hosts/new", host, f"{host}/contact", f"{host}/sites/new", "/covers",
                    "/idle", "/offers", f"{host}/offers/new"],
        "company": ["/company"],
    }  # fmt: skip
    for who, paths in pages.items():
        browser = alliance.browser(who)
        browser.cookies.set(LANGUAGE_COOKIE, language)
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{language}"' in answer.text


def test_hosts_are_listed_by_name_over_all_pages(alliance: Alliance) -> None:
    names = ["Äpfel", "alpha", "Beta", "beta", "Gamma"]
    with transaction(alliance.engine) as session:
        for n, name in enumerate(names):
            session.add(rows.company(alliance.hosts, key=f"n-{n}", name=name))
    browser = alliance.browser("sending")

    def walked(limit: int) -> list[str]:
        found, address = [], f"/hosts?limit={limit}"
        while address:
            html = browser.get(address).text
            found += re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', html)
            further = re.findall(r'href="(/hosts\?after=[^"]*)"', html)
            address = further[0].replace("&amp;", "&") + f"&limit={limit}" if further else ""
        return found

    whole = walked(50)
    assert [one for one in whole if one.isascii()] == sorted(
        (one for one in whole if one.isascii()), key=str.lower
    )
    assert len(whole) == len(names) + 2
    for limit in (1, 2, 3):
        assert walked(limit) == whole


def test_offers_are_listed_by_status_and_title_over_all_pages(alliance: Alliance) -> None:
    given = [("closed", "A"), ("draft", "Z"), ("published", "a second"), ("published", "B"),
             ("paused", "C")]  # fmt: skip
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).title = "First"
        session.get_one(models.Offer, alliance.other_offer.id).title = "Last"
        site = session.get_one(models.Site, alliance.offer.site_id)
        for n, (status, title) in enumerate(given):
            session.add(rows.offer(site, key=f"n-{n}", status=status, title=title))
    browser, found = alliance.browser("hosting"), list[str]()
    address = "/offers?limit=2"
    while address:
        html = browser.get(address).text
        found += re.findall(r'<a class="ds-link" href="/offers/[0-9a-f-]+">([^<]+)</a>', html)
        further = re.findall(r'href="(/offers\?after=[^"]*)"', html)
        address = further[0] + "&limit=2" if further else ""
    assert found == ["Z", "a second", "B", "First", "Last", "C", "A"]
