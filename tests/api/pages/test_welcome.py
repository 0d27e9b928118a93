"""Invitations: a password is set once, and its owner is signed in."""

import pytest
from sqlalchemy import Engine

import models
from api.database import transaction
from api.edge import COOKIE
from api.services import accounts
from tests.api.alliance import Alliance
from tests.api.pages.browsing import sent

GOOD = "pear ladder quiet moss"


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def invited(alliance: Alliance) -> str:
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users["aino"].id)
        user.email = "aino.v@example.org"
        return accounts.invite(session, alliance.caller("sending"), user)


def test_an_invitation_sets_a_password_and_signs_in(alliance: Alliance) -> None:
    secret, browser = invited(alliance), alliance.client(None)
    answer = sent(browser, "/welcome", {"secret": secret, "password": GOOD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert browser.get("/today").status_code == 200
    again = sent(alliance.client(None), "/welcome", {"secret": secret, "password": GOOD})
    assert again.status_code == 422
    later = alliance.client(None)
    signed = sent(later, "/sign-in", {"email": "aino.v@example.org", "password": GOOD})
    assert (signed.status_code, COOKIE in later.cookies) == (303, True)


def test_a_weak_password_uses_nothing_up_and_the_link_is_kept(alliance: Alliance) -> None:
    secret, browser = invited(alliance), alliance.client(None)
    weak = sent(browser, "/welcome", {"secret": f"https://x/welcome#{secret}", "password": "1234"})
    assert weak.status_code == 422
    assert f'type="hidden" name="secret" value="{secret}"' in weak.text
    assert "nobody guesses" in weak.text
    assert "1234" not in weak.text
    assert sent(browser, "/welcome", {"secret": secret, "password": GOOD}).status_code == 303


def test_what_is_no_invitation_is_said_at_the_field_of_the_link(alliance: Alliance) -> None:
    answer = sent(alliance.client(None), "/welcome", {"secret": "x" * 43, "password": GOOD})
    assert answer.status_code == 422
    assert 'id="e-secret"' in answer.text
    assert COOKIE not in alliance.client(None).cookies
