"""People without an account are written to in a language of their own, in all that they get."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

import models
from api.database import transaction
from api.edge import LANGUAGE_COOKIE
from api.language import ENGLISH, OWN_NAMES
from matcher.vocabulary import LANGUAGES
from models import MessageLanguage, Party, language_in
from tests.api.alliance import Alliance
from tests.api.editing import ANY, V1
from tests.api.pages.browsing import sent
from tests.api.test_answer_routes import asked, heard, link_to
from tests.api.test_mails import Folder, body_of
from tests.importing import PERSON, frame, run


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def guardian_of(alliance: Alliance, who: uuid.UUID) -> models.Guardian:
    with transaction(alliance.engine, writes=False) as session:
        return session.exec(
            select(models.Guardian).where(models.Guardian.apprentice_id == who)
        ).one()


def test_the_languages_are_those_of_the_texts() -> None:
    assert tuple(MessageLanguage) == LANGUAGES
    assert OWN_NAMES.keys() == set(MessageLanguage)
    assert {country: language_in(country) for country in ("FI", "AT", "PL", "NL", "")} == {
        "FI": "fi", "AT": "de", "PL": "pl", "NL": "en", "": "en",
    }  # fmt: skip


def test_each_party_is_written_to_in_its_own_language(alliance: Alliance, tmp_path: Path) -> None:
    """The employer of Leena (DE), Leena (PT) and the company (PL) have no account."""
    with transaction(alliance.engine) as session:
        leena = session.merge(alliance.leena)
        leena.email, leena.language = "leena@example.org", MessageLanguage.PT
        leena.employer_language = MessageLanguage.DE
        session.merge(alliance.company).language = MessageLanguage.PL
    proposal = asked(alliance, alliance.leena)
    heard(alliance, proposal, Party.APPRENTICE)
    heard(alliance, proposal, Party.EMPLOYER)
    folder = Folder(alliance, tmp_path / "mail")
    folder.write()
    queued = {row.address: row.language for row in folder.queue()}
    assert queued["leena@example.org"] == "pt"
    assert queued["konepaja@example.org"] == "de"
    assert queued["werkstatt@example.org"] == "pl"
    (to_company,) = folder.read("werkstatt@")
    assert str(to_company["Subject"]) == "Ktoś do Państwa oferty"
    assert "/answer?language=pl#" in body_of(to_company)


def test_a_guardian_is_written_to_in_the_own_language(alliance: Alliance, tmp_path: Path) -> None:
    with transaction(alliance.engine) as session:
        session.merge(alliance.guardian).language = MessageLanguage.ES
    proposal = asked(alliance, alliance.eetu)
    heard(alliance, proposal, Party.APPRENTICE)
    folder = Folder(alliance, tmp_path / "mail")
    folder.write()
    assert {row.language for row in folder.queue() if row.address == "kaisa@example.org"} == {"es"}


def test_links_and_codes_open_in_the_language_of_the_party(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        session.merge(alliance.aino).language = MessageLanguage.FI
        session.merge(alliance.users["aino"]).email = "aino.v@example.org"
    proposal = asked(alliance)
    made = alliance.client("sending").post(
        f"{V1}/proposals/{proposal}/links", json={"party": "apprentice", "kind": "code"}
    )
    assert made.json()["language"] == "en"  # the account of the apprentice says it
    with transaction(alliance.engine) as session:
        session.get_one(models.User, alliance.users["aino"].id).email = None
    made = alliance.client("sending").post(
        f"{V1}/proposals/{proposal}/links", json={"party": "apprentice", "kind": "code"}
    )
    assert made.json()["language"] == "fi"
    assert made.json()["link"].endswith("/answer?language=fi")
    browser = alliance.client(None)
    browser.headers["Accept-Language"] = "de"
    answer = sent(browser, "/answer", {"secret": made.json()["code"]})
    assert answer.headers["location"] == "/answer/question?language=fi"
    assert '<html lang="fi"' in browser.get(answer.headers["location"]).text
    browser.cookies.set(LANGUAGE_COOKIE, "pl")  # what the reader chooses goes before it
    assert '<html lang="pl"' in browser.get(answer.headers["location"]).text


def test_a_guardian_is_asked_in_the_language_of_the_ward_where_nobody_is_named(
    alliance: Alliance,
) -> None:
    with transaction(alliance.engine) as session:
        session.merge(alliance.eetu).language = MessageLanguage.ES
        session.delete(session.get_one(models.User, alliance.users["guardian"].id))
        session.flush()
        session.delete(session.get_one(models.Guardian, alliance.guardian.id))
    proposal = asked(alliance, alliance.eetu)
    heard(alliance, proposal, Party.APPRENTICE)
    link = link_to(alliance, proposal, Party.GUARDIAN)
    answer = sent(alliance.client(None), "/answer", {"secret": link})
    assert answer.headers["location"] == "/answer/question?language=es"


def test_the_api_says_the_country_s_language_until_another_is_given(alliance: Alliance) -> None:
    client = alliance.client("sending")
    path = f"{V1}/apprentices/{alliance.eetu.id}/guardians"
    made = client.post(path, json={"name": "Liisa"}).json()
    assert made["language"] == "fi"
    url = f"{V1}/guardians/{made['id']}"
    told = client.put(url, json={"name": "Liisa", "language": "de"}, headers=ANY)
    assert told.json()["language"] == "de"
    kept = client.put(url, json={"name": "Liisa M."}, headers=ANY)  # left out it stays
    assert kept.json()["language"] == "de"
    assert client.put(url, json={"name": "L", "language": "xx"}, headers=ANY).status_code == 422

    hosting = alliance.client("hosting")
    body = {"key": "c-9", "name": "Mühle", "town": "Paderborn"}
    company = hosting.post(f"{V1}/companies", json=body).json()
    assert company["language"] == "de"
    url = f"{V1}/companies/{company['id']}"
    assert hosting.put(url, json=body | {"language": "pl"}, headers=ANY).json()["language"] == "pl"
    assert hosting.put(url, json=body, headers=ANY).json()["language"] == "pl"

    known = client.get(f"{V1}/apprentices/{alliance.leena.id}").json()
    assert (known["language"], known["employer_language"]) == ("en", "en")
    record = {
        name: value for name, value in known.items()
        if name in models.ApprenticeRecord.model_fields and name not in ("language",)
    }  # fmt: skip
    changed = client.put(
        f"{V1}/apprentices/{alliance.leena.id}", json=record | {"employer_language": "pt"},
        headers=ANY,
    ).json()  # fmt: skip
    assert (changed["language"], changed["employer_language"]) == ("en", "pt")
    del record["employer_language"]
    new = client.post(
        f"{V1}/apprentices", json=record | {"key": "fi-99", "centre_id": known["centre_id"]}
    ).json()
    assert (new["language"], new["employer_language"]) == ("fi", "fi")


def test_imports_set_keep_and_empty_the_language(database: Engine) -> None:
    frame(database)
    company = {"region": "paderborn", "key": "c-7", "name": "Mühle", "town": "Paderborn"}
    ward = PERSON | {"guardian_name": "Kaisa"}

    def languages() -> tuple[str, ...]:
        with transaction(database, writes=False) as session:
            person = session.exec(
                select(models.Apprentice).where(models.Apprentice.key == PERSON["key"])
            ).one()
            host = session.exec(select(models.Company).where(models.Company.key == "c-7")).one()
            parent = session.exec(select(models.Guardian)).one()
            return host.language, person.language, person.employer_language, parent.language

    assert run(database, {"companies": [company], "apprentices": [ward]}).problems == ()
    assert languages() == ("de", "fi", "fi", "fi")
    said = {"language": "PT", "employer_language": "es", "guardian_language": "pl"}
    run(
        database,
        {"companies": [company | {"language": "en"}], "apprentices": [ward | said]},
        seed=6,
    )
    assert languages() == ("en", "pt", "es", "pl")
    run(
        database, {"companies": [company], "apprentices": [ward]}, seed=7
    )  # no such column: it stays
    assert languages() == ("en", "pt", "es", "pl")
    empty = dict.fromkeys(said)
    run(
        database,
        {"companies": [company | {"language": None}], "apprentices": [ward | empty]},
        seed=8,
    )
    assert languages() == ("de", "fi", "fi", "fi")
    wrong = run(database, {"companies": [company | {"language": "se"}]})
    assert [(one.column, one.fault.said(ENGLISH)[1]) for one in wrong.problems] == [
        ("language", "one of en, es, pt, fi, de, pl")
    ]


def test_the_forms_offer_the_six_languages_and_keep_the_choice(alliance: Alliance) -> None:
    tutor, person = alliance.browser("tutor"), f"/apprentices/{alliance.eetu.id}"
    new = tutor.get(f"{person}/guardians/new").text
    assert "The language of the country" in new
    assert all(f'<option value="{code}">{name}' in new for code, name in OWN_NAMES.items())
    sent(tutor, f"/guardians/{alliance.guardian.id}",
         {"version": "1", "name": "Kaisa", "language": "fi"})  # fmt: skip
    assert guardian_of(alliance, alliance.eetu.id).language == "fi"
    kept = tutor.get(f"/guardians/{alliance.guardian.id}").text
    assert '<option value="fi" selected>' in kept
    assert "The language of the country" not in kept

    section = tutor.get(f"/apprentices/{alliance.leena.id}/edit/school").text
    assert "Language of messages to the employer" in section
    form = {
        "version": "1", "activity": "SHORT_TERM", "status": "EMPLOYEE_TRAINING_CONTRACT",
        "modes": "physical", "employer_name": "Konepaja", "employer_language": "de",
    }  # fmt: skip
    sent(tutor, f"/apprentices/{alliance.leena.id}/edit/school", form)
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Apprentice, alliance.leena.id).employer_language == "de"

    hosting = alliance.browser("hosting")
    form = {"version": "1", "name": "Werkstatt", "town": "Paderborn", "language": "pl"}
    sent(hosting, f"/hosts/{alliance.company.id}/contact", form)
    with transaction(alliance.engine, writes=False) as session:
        assert session.get_one(models.Company, alliance.company.id).language == "pl"
    invite = hosting.get(f"/hosts/{alliance.company.id}").text
    assert '<option value="pl" selected>' in invite


def test_an_invitation_is_written_in_the_language_of_the_record(alliance: Alliance) -> None:
    with transaction(alliance.engine) as session:
        leena = session.merge(alliance.leena)
        leena.email, leena.language = "leena@example.org", MessageLanguage.PT
    sent(alliance.browser("sending"), f"/apprentices/{alliance.leena.id}/account", {})
    with transaction(alliance.engine, writes=False) as session:
        user = session.exec(
            select(models.User).where(models.User.apprentice_id == alliance.leena.id)
        ).one()
        mail = session.exec(select(models.OutboxMail)).one()
    assert (user.language, mail.language) == ("pt", "pt")
