"""Pages for everybody: what strangers read, and what they can tell."""

import datetime
import email
import email.policy
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select
from structlog.testing import capture_logs

import models
from api.database import transaction
from api.edge import COOKIE, LANGUAGE_COOKIE
from api.services import settings
from api.settings import Settings
from matcher.vocabulary import LANGUAGES
from tests import rows
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent
from tests.api.posting import post

PAGES = ("/", "/about", "/open-offers", "/privacy", "/accessibility")


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.fixture
def stranger(alliance: Alliance, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Somebody's browser, where organisation and contact are set."""
    given = Settings(organisation="Alliance & Co", contact="contact@example.org")
    monkeypatch.setitem(alliance.app().state._state, "settings", given)
    return alliance.client(None)


def made_public(alliance: Alliance, **values: object) -> None:
    with transaction(alliance.engine) as session:
        offer = session.get_one(models.Offer, alliance.offer.id)
        for name, value in ({"is_public": True} | values).items():
            setattr(offer, name, value)


def test_who_is_signed_in_goes_on_and_who_was_is_a_stranger(alliance: Alliance) -> None:
    signed_in = alliance.browser("company").get("/", follow_redirects=False)
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/today")
    browser = alliance.client(None)
    assert "You learn a trade" in browser.get("/").text
    browser.cookies.set(COOKIE, "no session of ours")
    assert browser.get("/", follow_redirects=False).status_code == 200
    assert 'href="/proposals"' in alliance.browser("company").get("/about").text
    assert 'href="/proposals"' not in browser.get("/about").text


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_public_page_is_there_in_each_language(stranger: TestClient, code: str) -> None:
    stranger.cookies.set(LANGUAGE_COOKIE, code)
    for path in PAGES:
        answer = stranger.get(path)
        assert answer.status_code == 200
        assert f'<html lang="{code}"' in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_an_offer_is_shown_to_everybody_only_when_its_company_made_it_public(
    alliance: Alliance,
) -> None:
    stranger = alliance.client(None)
    assert "No offer is shown to everybody" in stranger.get("/open-offers").text
    made_public(alliance)
    html = stranger.get("/open-offers").text
    assert "CNC turning" in html
    assert "1 place is free" in html
    assert html.count('class="card"') == 1  # the other company's is not public
    assert "werkstatt@example.org" not in html


@pytest.mark.parametrize("why", ["paused", "unverified", "full", "over"])
def test_an_offer_that_nobody_can_take_is_not_shown(alliance: Alliance, why: str) -> None:
    made_public(alliance, status="paused" if why == "paused" else "published")
    with transaction(alliance.engine) as session:
        window = session.get_one(models.OfferWindow, alliance.window.id)
        company = session.get_one(models.Company, alliance.company.id)
        if why == "unverified":
            company.verified_at = company.verified_by = None
        if why == "full":
            window.taken = window.places
        if why == "over":
            window.available_from = datetime.date(2026, 1, 1)
            window.available_to = datetime.date(2027, 1, 14)
    assert "CNC turning" not in alliance.client(None).get("/open-offers").text


def test_public_offers_come_by_country_and_page(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_public(alliance)
    with transaction(alliance.engine) as session:
        site = models.Site(**rows.changing(company_id=alliance.other.id, name="Z", town="Lippe"))
        offer = rows.offer(site, key="two", title="Milling", status="published", is_public=True)
        session.add(site)
        session.flush()
        session.add(offer)
        session.flush()
        session.add(rows.window(offer))
    stranger = alliance.client(None)
    assert stranger.get("/open-offers?country=FI").text.count('class="card"') == 0
    assert stranger.get("/open-offers?country=DE").text.count('class="card"') == 2
    monkeypatch.setattr("api.services.open_offers.AT_ONCE", 1)
    first = stranger.get("/open-offers").text
    (further,) = re.findall(r'href="(/open-offers\?[^"]+)"', first)
    second = stranger.get(further.replace("&amp;", "&")).text
    titles = {title for html in (first, second) for title in ("CNC turning", "Milling")
              if title in html}  # fmt: skip
    assert titles == {"CNC turning", "Milling"}
    assert not re.findall(r'href="(/open-offers\?[^"]+)"', second)


def test_a_company_makes_its_offer_public_over_the_api(alliance: Alliance) -> None:
    company = alliance.client("company")
    (offer,) = company.get("/api/v1/offers").json()["items"]
    assert offer["is_public"] is False
    fields = {"site_id", *models.OfferFields.model_fields}
    body = {name: offer[name] for name in fields} | {"is_public": True}
    answer = company.put(f"/api/v1/offers/{offer['id']}", json=body, headers={"If-Match": "*"})
    assert answer.json()["is_public"] is True
    assert "CNC turning" in alliance.client(None).get("/open-offers").text


def test_the_privacy_notice_says_who_is_responsible_and_what_the_settings_keep(
    alliance: Alliance, stranger: TestClient
) -> None:
    html = stranger.get("/privacy").text
    assert "Alliance &amp; Co, together with the partners" in html
    assert 'href="mailto:contact@example.org"' in html
    assert "Not filled in yet" not in html
    assert ">90 days<" in html
    with transaction(alliance.engine) as session:
        kept = settings.current(session)["retention"] | {"needs": 17}
        settings.change(session, alliance.caller("admin"), "retention", kept, revision=0)
    assert ">17 days<" in stranger.get("/privacy").text


def test_what_is_not_set_is_marked_plainly(alliance: Alliance) -> None:
    stranger = alliance.client(None)
    for path, count in (("/privacy", 2), ("/accessibility", 2)):
        assert stranger.get(path).text.count("Not filled in yet") == count
    assert "<textarea" not in stranger.get("/accessibility").text
    answer = sent(stranger, "/accessibility", {"message": "The menu", "reply_to": ""})
    assert answer.status_code == 422
    assert "no contact is named here" in answer.text


def test_feedback_becomes_a_message_to_the_contact_and_stands_sealed_until_then(
    alliance: Alliance, stranger: TestClient, tmp_path: Path
) -> None:
    told = {"message": "The menu is mute in my reader.", "reply_to": "mari@example.org"}
    with capture_logs() as logs:
        answer = sent(stranger, "/accessibility", told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/accessibility?sent=true")
    assert "on its way" in stranger.get("/accessibility?sent=true").text
    with transaction(alliance.engine) as session:
        (row,) = session.exec(select(models.OutboxMail)).all()
        assert row.address == "contact@example.org"
        stored = f"{row.model_dump()} {logs}"
        assert not any(text in stored for text in told.values())
    post(alliance.engine, tmp_path)
    (file,) = tmp_path.glob("*.eml")
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = mail.get_body()
    assert body is not None
    assert all(text in body.get_content() for text in told.values())
    assert not any(text in str(mail["subject"]) for text in told.values())


def test_feedback_without_words_keeps_what_was_typed(stranger: TestClient) -> None:
    answer = sent(stranger, "/accessibility", {"message": "  ", "reply_to": "mari@example.org"})
    assert answer.status_code == 422
    assert 'id="faults"' in answer.text
    assert 'value="mari@example.org"' in answer.text


def test_feedback_comes_from_our_page_and_not_too_often(stranger: TestClient) -> None:
    form = {"message": "Again", "reply_to": ""}
    assert stranger.post("/accessibility", data=form).status_code == 403
    statuses = [sent(stranger, "/accessibility", form).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
