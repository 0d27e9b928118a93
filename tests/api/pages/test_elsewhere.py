"""Signing in with an account elsewhere, at a small provider of ours, and what it may get wrong."""

import datetime
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select
from structlog.testing import capture_logs

import models
from api.database import transaction
from api.edge import COOKIE, IDENTITY_COOKIE, STEP_COOKIE
from api.oidc import Client
from api.services import accounts
from api.settings import Settings
from tests.api.alliance import NOW, Alliance
from tests.api.pages.browsing import sent, text_of
from tests.api.provider import CLIENT, SECRET, Provider
from tests.api.second import with_factor

pytestmark = pytest.mark.enable_socket

KEYS = int(NOW.timestamp())


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider, alliance: Alliance) -> Iterator[Provider]:
    """A provider that does everything right, and the only one that the service allows."""
    running.claims, running.forged, running.issuer_said = {}, None, ""
    running.codes.clear()
    running.asked.clear()
    running.rotate()
    app = alliance.app()
    before = app.state.providers
    app.state.providers = {"school": client_of(running)}
    yield running
    app.state.providers = before


def client_of(provider: Provider, **more: Any) -> Client:
    return Client(
        name="Mensa school", issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, **more
    )


def invited(alliance: Alliance, who: str = "aino") -> str:
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users[who].id)
        user.email = f"{who}@example.org"
        return accounts.invite(session, alliance.caller("admin"), user)


def sent_there(browser: TestClient, secret: str = "", after: str = "") -> str:
    """The address at the provider to which the page leads."""
    answer = sent(browser, "/sign-in/with/school", {"secret": secret, "next": after})
    assert answer.status_code == 200, text_of(answer)
    (address,) = re.findall(r'href="(http://127[^"]+)"', answer.text)
    assert answer.headers["refresh"] == f"0; url={html.unescape(address)}"
    return html.unescape(address)


def back(browser: TestClient, way: dict[str, str], **changed: str) -> Any:
    """The browser comes back, as from another site."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    return browser.get(
        "/sign-in/back/school", params=way | changed, headers=headers, follow_redirects=False
    )


def linked(alliance: Alliance, provider: Provider, who: str = "aino", subject: str = "s-1") -> None:
    browser = alliance.client(None)
    address = sent_there(browser, invited(alliance, who))
    assert back(browser, provider.signed_in(address, subject)).status_code == 303


def everything(alliance: Alliance, table: type[Any]) -> list[Any]:
    with transaction(alliance.engine, writes=False) as session:
        return list(session.exec(select(table)))


def test_an_invitation_links_the_account_and_it_signs_in_from_then_on(
    alliance: Alliance, provider: Provider
) -> None:
    secret, browser = invited(alliance), alliance.client(None)
    assert "Use my account of Mensa school" in browser.get("/welcome").text
    address = sent_there(browser, f"https://x/welcome#{secret}")
    assert secret not in address
    answer = back(browser, provider.signed_in(address, "s-1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert browser.get("/today").status_code == 200
    assert IDENTITY_COOKIE not in browser.cookies
    (row,) = everything(alliance, models.LinkedIdentity)
    aino = alliance.users["aino"].id
    assert (row.user_id, row.issuer, row.subject) == (aino, provider.issuer, "s-1")
    told = [one.text for one in everything(alliance, models.OutboxMail)]
    assert told == ["identity_linked"]
    later = alliance.client(None)
    assert "Sign in with Mensa school" in later.get("/sign-in").text
    address = sent_there(later, after="/account")
    answer = back(later, provider.signed_in(address, "s-1"))
    assert answer.headers["location"] == "/account"
    assert later.get("/api/v1/session").json()["user_id"] == str(aino)
    shown = alliance.client("admin").get(f"/api/v1/accounts/{aino}").json()
    assert shown["state"] == "active"
    again = sent(alliance.client(None), "/sign-in/with/school", {"secret": secret})
    assert again.status_code == 410


def test_without_a_link_nobody_is_let_in_whatever_the_address(
    alliance: Alliance, provider: Provider
) -> None:
    invited(alliance)  # with the address that the provider calls verified
    linked(alliance, provider, "eetu", "s-2")
    browser = alliance.client(None)
    answer = back(browser, provider.signed_in(sent_there(browser), "s-1"))
    assert answer.status_code == 403
    assert "is not linked with an account here" in text_of(answer)
    assert COOKIE not in browser.cookies
    assert len(everything(alliance, models.LinkedIdentity)) == 1


def test_the_same_subject_of_another_issuer_is_somebody_else(
    alliance: Alliance, provider: Provider
) -> None:
    linked(alliance, provider)
    other = Provider()
    try:
        alliance.app().state.providers = {"school": client_of(other)}
        browser = alliance.client(None)
        answer = back(browser, other.signed_in(sent_there(browser), "s-1"))
        assert answer.status_code == 403
    finally:
        other.stop()


def test_an_account_elsewhere_is_linked_with_one_account_here(
    alliance: Alliance, provider: Provider
) -> None:
    linked(alliance, provider)
    secret, browser = invited(alliance, "eetu"), alliance.client(None)
    answer = back(browser, provider.signed_in(sent_there(browser, secret), "s-1"))
    assert answer.status_code == 409
    assert COOKIE not in browser.cookies
    fresh = alliance.client(None)  # the invitation was not used up
    assert back(fresh, provider.signed_in(sent_there(fresh, secret), "s-2")).status_code == 303


def test_a_disabled_account_is_not_opened(alliance: Alliance, provider: Provider) -> None:
    linked(alliance, provider)
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users["aino"].id)
        accounts.disable(session, alliance.caller("admin"), user)
    browser = alliance.client(None)
    assert back(browser, provider.signed_in(sent_there(browser), "s-1")).status_code == 403


WRONG: dict[str, dict[str, Any]] = {
    "nonce of another": {"nonce": "x" * 43}, "no nonce": {"nonce": None},
    "for another client": {"aud": "another"}, "for nobody": {"aud": None},
    "for several": {"aud": [CLIENT, "another"]},
    "for another party": {"aud": [CLIENT, "another"], "azp": "another"},
    "expired": {"exp": KEYS - 31}, "no end": {"exp": None}, "from tomorrow": {"iat": KEYS + 86400},
    "not yet": {"nbf": KEYS + 86400},
    "of another issuer": {"iss": "https://idp.example"}, "of none": {"iss": None},
    "about nobody": {"sub": None}, "about an empty one": {"sub": ""},
    "about a number": {"sub": 7}, "about a long one": {"sub": "s" * 256},
    "a wrong hash": {"at_hash": "AAAA"},
}  # fmt: skip


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_right_lets_nobody_in(
    alliance: Alliance, provider: Provider, claims: dict[str, Any]
) -> None:
    linked(alliance, provider)
    provider.claims = claims
    browser = alliance.client(None)
    with capture_logs() as logs:
        answer = back(browser, provider.signed_in(sent_there(browser), "s-1"))
    assert (answer.status_code, COOKIE in browser.cookies) == (403, False)
    assert "could not be checked" in text_of(answer)
    (why,) = [one["why"] for one in logs if one["event"] == "oidc.refused"]
    assert why.startswith("claims_")


@pytest.mark.parametrize("forged", ["none", "secret", "public", "other"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    alliance: Alliance, provider: Provider, forged: str
) -> None:
    linked(alliance, provider)
    provider.forged = forged
    browser = alliance.client(None)
    with capture_logs() as logs:
        answer = back(browser, provider.signed_in(sent_there(browser), "s-1"))
    assert (answer.status_code, COOKIE in browser.cookies) == (403, False)
    (why,) = [one["why"] for one in logs if one["event"] == "oidc.refused"]
    assert why.startswith("signature_")


def test_new_keys_of_the_provider_are_found_by_themselves(
    alliance: Alliance, provider: Provider
) -> None:
    linked(alliance, provider)
    for kind in ("EC", "RSA"):
        provider.rotate(kind)
        provider.asked.clear()
        for _ in range(2):
            browser = alliance.client(None)
            assert back(browser, provider.signed_in(sent_there(browser), "s-1")).status_code == 303
        assert provider.asked == ["/realm/keys"]


def test_a_way_back_works_once_and_in_its_own_browser(
    alliance: Alliance, provider: Provider
) -> None:
    linked(alliance, provider)
    browser, other = alliance.client(None), alliance.client(None)
    way = provider.signed_in(sent_there(browser), "s-1")
    sent_there(other)
    assert back(other, way).status_code == 403
    assert back(alliance.client(None), way).status_code == 403
    assert back(browser, way, state="x" * 43).status_code == 403
    assert back(browser, way, state="").status_code == 403
    kept = browser.cookies[IDENTITY_COOKIE]
    assert back(browser, way).status_code == 303
    browser.cookies.clear()
    browser.cookies.set(IDENTITY_COOKIE, kept)
    provider.codes[way["code"]] = {}
    answer = back(browser, way)
    assert answer.status_code == 403
    assert "began in another browser" in text_of(answer)
    assert everything(alliance, models.IdentityRequest) != []  # that of `other` alone
    assert kept not in repr([r.model_dump() for r in everything(alliance, models.IdentityRequest)])


def test_the_code_of_somebody_else_is_not_taken(alliance: Alliance, provider: Provider) -> None:
    """PKCE: a code that was stolen fits no other browser."""
    linked(alliance, provider)
    thief, browser = alliance.client(None), alliance.client(None)
    stolen = provider.signed_in(sent_there(browser), "s-1")["code"]
    own = provider.signed_in(sent_there(thief), "s-3")
    answer = back(thief, own, code=stolen)
    assert (answer.status_code, COOKIE in thief.cookies) == (403, False)


def test_it_takes_ten_minutes_at_most(alliance: Alliance, provider: Provider) -> None:
    linked(alliance, provider)
    browser = alliance.client(None)
    way = provider.signed_in(sent_there(browser), "s-1")
    late = alliance.client(None, NOW + datetime.timedelta(minutes=10))
    late.app.state.providers = alliance.app().state.providers  # type: ignore[attr-defined]
    late.cookies.set(IDENTITY_COOKIE, browser.cookies[IDENTITY_COOKIE])
    assert back(late, way).status_code == 403
    late.app.state.providers = {}  # type: ignore[attr-defined]


def test_an_answer_of_another_provider_is_refused(alliance: Alliance, provider: Provider) -> None:
    browser = alliance.client(None)
    way = provider.signed_in(sent_there(browser), "s-1")
    assert back(browser, way, iss="https://idp.example").status_code == 403
    alliance.app().state.providers["other"] = client_of(provider)
    browser = alliance.client(None)
    way = provider.signed_in(sent_there(browser), "s-1")
    answer = browser.get("/sign-in/back/other", params=way, follow_redirects=False)
    assert answer.status_code == 403
    assert sent(browser, "/sign-in/with/nobody", {}).status_code == 404
    assert browser.get("/sign-in/back/nobody", params=way).status_code == 404


def test_who_breaks_it_off_there_is_told_so(alliance: Alliance, provider: Provider) -> None:
    browser = alliance.client(None)
    way = provider.signed_in(sent_there(browser), "s-1")
    answer = back(browser, {"state": way["state"], "error": "access_denied"})
    assert "broken off" in text_of(answer)


def test_a_provider_that_is_silent_or_says_it_is_another_is_told(
    alliance: Alliance, provider: Provider
) -> None:
    provider.issuer_said = "https://idp.example"
    answer = sent(alliance.client(None), "/sign-in/with/school", {})
    assert (answer.status_code, "does not answer" in answer.text) == (503, True)
    gone = Client(name="Gone", issuer="http://127.0.0.1:9", client_id="c", client_secret="")
    alliance.app().state.providers = {"school": gone}
    assert sent(alliance.client(None), "/sign-in/with/school", {}).status_code == 503


def test_our_second_step_is_left_out_where_the_setting_takes_the_provider_s_word(
    alliance: Alliance, provider: Provider
) -> None:
    app, _ = with_factor(alliance, "sending")
    linked_by_code = alliance.client(None)
    address = sent_there(linked_by_code, invited(alliance, "sending"))
    half = back(linked_by_code, provider.signed_in(address, "s-1", amr=["pwd", "mfa"]))
    assert half.headers["location"] == "/sign-in/code?next=/today"
    assert (COOKIE in linked_by_code.cookies, STEP_COOKIE in linked_by_code.cookies) == (
        False, True,
    )  # fmt: skip
    done = sent(linked_by_code, "/sign-in/code", {"code": app.code(), "next": "/today"})
    assert done.status_code == 303
    alliance.app().state.providers = {
        "school": client_of(provider, amr=frozenset({"mfa"}), acr=frozenset({"gold"}))
    }
    for said, is_in in (
        ({"amr": ["pwd", "mfa"]}, True), ({"acr": "gold"}, True), ({"amr": ["pwd"]}, False),
        ({"acr": "silver"}, False), ({}, False),
    ):  # fmt: skip
        browser = alliance.client(None)
        back(browser, provider.signed_in(sent_there(browser), "s-1", **said))
        assert (COOKIE in browser.cookies) is is_in, said
    alliance.app().state.settings = Settings(second_factor="office")
    try:
        browser = alliance.client(None)
        back(browser, provider.signed_in(sent_there(browser), "s-1", acr="gold"))
        assert browser.get("/today", follow_redirects=False).status_code == 200
    finally:
        alliance.app().state.settings = Settings()


def test_who_has_no_password_sets_one_by_an_invitation_alone(
    alliance: Alliance, provider: Provider
) -> None:
    linked(alliance, provider)
    browser = alliance.client(None)
    back(browser, provider.signed_in(sent_there(browser), "s-1"))
    assert 'action="/account/password"' not in browser.get("/account").text
    given = {"old": "", "new": "tulip-wren-oxbow-lathe"}
    assert sent(browser, "/account/password", given).status_code == 422
    answer = alliance.client(None).post(
        "/api/v1/session", json={"email": "aino@example.org", "password": "x"}
    )
    assert answer.status_code == 401
