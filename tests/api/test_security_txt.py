"""Whom to tell of a flaw (RFC 9116)."""

import datetime
import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from api.main import create_app
from api.settings import Settings

WHERE = "/.well-known/security.txt"
NOW = datetime.datetime(2027, 11, 28, 9, 30, 15, 123456, tzinfo=datetime.UTC)


def asked(**given: str) -> str:
    app = create_app(create_engine("sqlite://"), now=lambda: NOW, given=Settings(**given))
    answer = TestClient(app).get(WHERE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    return answer.text


def test_it_names_the_contact_and_ends_within_a_year_of_now() -> None:
    address = "https://matching.example.org/"
    assert asked(contact="flaws@example.org", address=address).splitlines() == [
        "Contact: mailto:flaws@example.org",
        "Expires: 2028-02-26T09:30:15Z",
        "Preferred-Languages: en, es, pt, fi, de, pl",
        "Canonical: https://matching.example.org/.well-known/security.txt",
    ]


def test_an_address_without_https_is_no_canonical_one() -> None:
    assert "Canonical" not in asked(contact="flaws@example.org", address="http://127.0.0.1:8000")


@pytest.mark.parametrize("contact", ["a b@example.org", "a@example.org\nCanonical: https://evil"])
def test_a_contact_stays_one_address_on_one_line(contact: str) -> None:
    first, second, _ = asked(contact=contact).splitlines()
    assert re.fullmatch(r"Contact: mailto:[\w%.+@-]+", first)
    assert second.startswith("Expires: ")


def test_without_a_contact_there_is_nothing_at_this_address() -> None:
    app = create_app(create_engine("sqlite://"), now=lambda: NOW, given=Settings(contact=""))
    assert TestClient(app).get(WHERE).status_code == 404
