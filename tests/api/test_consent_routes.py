"""Consents: what a company is told of needs, from when, and when no longer."""

import dataclasses
import datetime
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

import models
from api import consent, store
from api.database import transaction
from api.services import proposals
from matcher.vocabulary import LANGUAGES
from models import Answer, Party, PlacementStatus
from tests import rows
from tests.api.alliance import NOW, Alliance
from tests.api.decided import V1, kind, placed, post
from tests.api.roles.consents import HEARD, at_fifteen, give
from tests.api.roles.decisions import asked
from tests.sealing import detailed, done, events, needing

YEAR = datetime.timedelta(days=365)


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def of_aino(alliance: Alliance, *needs: str) -> dict[str, object]:
    """Aino needs this, and nobody has said more."""
    with transaction(alliance.engine) as session:
        needing(session, alliance.aino.id, needs=dict.fromkeys(needs or ["QUIET_SPACE"], "soft"))
    return {"apprentice_id": alliance.aino.id, "company_id": alliance.company.id}


def told(alliance: Alliance, path: str, who: str = "company", now: Any = NOW) -> list[str]:
    return alliance.client(who, now).get(f"{V1}{path}").json()["provisions_asked"]


def agreed(
    alliance: Alliance, person: models.Apprentice, window: models.OfferWindow | None = None
) -> str:
    """A proposal of somebody to which everybody has said yes."""
    row = rows.proposal(alliance.call, person, window or alliance.window, status="agreed")
    with transaction(alliance.engine) as session:
        session.add(row)
        session.flush()
        detailed(session, row)
        for party in (Party.HOSTING_COORDINATOR, Party.COMPANY):
            session.add(models.Approval(**rows.changing(
                proposal_id=row.id, party=party, asked_at=NOW, answer="yes", answered_at=NOW,
                channel="account", proposal_version=1,
            )))  # fmt: skip
    return f"/proposals/{row.id}"


def stored(alliance: Alliance) -> dict[str, Any]:
    """Every row of what consents must not touch, as the database has it."""
    with transaction(alliance.engine, writes=False) as session:
        return {
            name: session.execute(text(f"SELECT * FROM {name} ORDER BY id")).all()
            for name in ("proposal", "proposal_detail", "placement", "apprentice", "approval",
                         "support_needs", "outbox_mail")
        }  # fmt: skip


def test_a_company_is_told_after_everybody_agreed_what_was_consented_for_it(
    alliance: Alliance,
) -> None:
    named = asked(alliance) | of_aino(alliance, "QUIET_SPACE", "LANGUAGE_BUDDY", "PRAYER_SPACE")
    aino, path = alliance.client("aino"), f"/proposals/{named['proposal_id']}"
    elsewhere = named | {"company_id": alliance.other.id}
    assert give(aino, named).status_code == give(aino, named, item="LANGUAGE_BUDDY").status_code
    assert give(aino, elsewhere, item="PRAYER_SPACE").json()["in_effect"]
    assert told(alliance, path) == told(alliance, path, "hosting") == []
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        proposals.answer(session, alliance.caller("company"), case, Party.COMPANY, Answer.YES)
    both = ["LANGUAGE_BUDDY", "QUIET_SPACE"]
    assert told(alliance, path) == told(alliance, path, "hosting") == both
    (listed,) = alliance.client("company").get(f"{V1}/proposals").json()["items"]
    assert listed["provisions_asked"] == both
    with transaction(alliance.engine) as session:
        needs = session.exec(select(models.SupportNeeds)).one()
        store.sealed.store_needs(
            session, needs.id, alliance.aino.id, NOW, {"needs": {"QUIET_SPACE": "soft"}}, needs
        )
    assert told(alliance, path) == ["QUIET_SPACE"]
    for who in ("sending", "aino", "tutor"):
        assert "provisions_asked" not in alliance.client(who).get(f"{V1}{path}").json()


def test_in_a_list_each_host_is_told_of_its_own_people_alone(alliance: Alliance) -> None:
    """Aino goes to the workshop and Leena to the turnery; both consent for the wrong one first."""
    aino, leena = of_aino(alliance), {"apprentice_id": alliance.leena.id}
    with transaction(alliance.engine) as session:
        needing(session, alliance.leena.id, needs={"QUIET_SPACE": "soft"})
    paths = [
        agreed(alliance, alliance.aino), agreed(alliance, alliance.leena, alliance.other_window)
    ]  # fmt: skip
    sending, hosting = alliance.client("sending"), alliance.client("hosting")
    own = HEARD | {"given_by": "apprentice"}

    def listed() -> dict[str, list[str]]:
        items = hosting.get(f"{V1}/proposals").json()["items"]
        return {f"/proposals/{one['id']}": one["provisions_asked"] for one in items}

    for who, company in ((aino, alliance.other), (leena, alliance.company)):
        assert give(sending, who | {"company_id": company.id}, **own).json()["in_effect"]
    assert listed() == {path: [] for path in paths}
    give(sending, leena | {"company_id": alliance.other.id}, **own)
    assert listed() == {paths[0]: [], paths[1]: ["QUIET_SPACE"]}


def test_withdrawing_stops_it_at_once_and_leaves_everything_else_as_it_was(
    alliance: Alliance,
) -> None:
    named, (proposal, placement) = of_aino(alliance), placed(alliance)
    paths = [f"/proposals/{proposal}", f"/placements/{placement}"]
    aino, company = alliance.client("aino"), alliance.client("company")

    def looks() -> list[Any]:
        found = [alliance.client(who).get(f"{V1}{path}")
                 for path in [*paths, f"/apprentices/{alliance.aino.id}"]
                 for who in ("sending", "aino", "tutor")]  # fmt: skip
        return [(one.headers["etag"], one.content) for one in found]

    before, rows_before = looks(), stored(alliance)
    nothing = [company.get(f"{V1}{path}") for path in paths]
    consent_id = give(aino, named).json()["id"]
    assert [told(alliance, path) for path in paths] == [["QUIET_SPACE"]] * 2
    assert [told(alliance, path, "hosting") for path in paths] == [["QUIET_SPACE"]] * 2
    (listed,) = company.get(f"{V1}/placements").json()["items"]
    assert listed["provisions_asked"] == ["QUIET_SPACE"]
    etags = [company.get(f"{V1}{path}").headers["etag"] for path in paths]
    assert etags == [one.headers["etag"] for one in nothing]
    assert (looks(), stored(alliance)) == (before, rows_before)
    gone = post(aino, f"/consents/{consent_id}/withdrawal")
    assert (gone.status_code, gone.json()["in_effect"]) == (200, False)
    again = [company.get(f"{V1}{path}") for path in paths]
    assert [(one.headers["etag"], one.content) for one in again] == [
        (one.headers["etag"], one.content) for one in nothing
    ]
    assert (looks(), stored(alliance)) == (before, rows_before)
    assert post(aino, f"/consents/{consent_id}/withdrawal").json() == gone.json()
    assert give(aino, named).json()["id"] != consent_id
    assert told(alliance, paths[1]) == ["QUIET_SPACE"]
    with transaction(alliance.engine) as session:
        session.exec(select(models.Placement)).one().status = PlacementStatus.CANCELLED
    assert [told(alliance, path) for path in paths] == [[], []]


def test_each_step_and_each_look_is_written_down_without_the_need(alliance: Alliance) -> None:
    named, (proposal, _) = (
        of_aino(alliance, "QUIET_SPACE", "VISION_ACCESSIBLE_MATERIAL"),
        placed(alliance),
    )
    aino = alliance.client("aino")
    told(alliance, f"/proposals/{proposal}")
    given = give(aino, named).json()
    give(aino, named, item="VISION_ACCESSIBLE_MATERIAL")
    told(alliance, f"/proposals/{proposal}")
    post(aino, f"/consents/{given['id']}/withdrawal")
    with transaction(alliance.engine) as session:
        about = [one for one in done(session) if one.noun == "consent"]
        assert [one.action for one in about] == [
            "consent.given",
            "consent.given",
            "consent.withdrawn",
        ]
        assert about[0].data == {
            "company": str(alliance.company.id), "by": "apprentice", "channel": "account",
            "text": 1, "language": "fi",
        }  # fmt: skip
        assert about[2].data == {"company": str(alliance.company.id)}
        assert {one.about_id for one in about} == {alliance.aino.id}
        looked = [one for one in events(session) if one.data.get("why") == "consent.disclosure"]
        assert [(one.actor_id, one.row_id) for one in looked] == [
            (alliance.users["company"].id, alliance.aino.id)
        ]
        items = [one.item for one in session.exec(select(models.Consent))]
    assert len({len(item) for item in items}) == 1
    assert b"QUIET" not in b"".join(items)


@pytest.mark.parametrize("young", ["sending", "hosting"])
def test_who_is_too_young_in_either_country_needs_a_guardian_as_well(
    alliance: Alliance, young: str
) -> None:
    """At 15 the own consent is enough in Finland, and not in Germany."""
    country = {"sending": ("DE", "FI"), "hosting": ("FI", "DE")}[young]
    with transaction(alliance.engine) as session:
        for region, code in zip((alliance.sends, alliance.hosts), country, strict=True):
            session.get_one(models.Region, region.id).country = code
    named = at_fifteen(alliance, agreed=False)
    path = agreed(alliance, alliance.eetu)
    eetu, kaisa = alliance.client("eetu"), alliance.client("guardian")
    list_of = f"{V1}/apprentices/{alliance.eetu.id}/consents"
    early = [give(kaisa, named, item=item) for item in ("QUIET_SPACE", "NO_HEIGHTS")]
    assert [kind(one) for one in early] == [(409, "guardian-not-asked")] * 2
    assert early[0].content == early[1].content
    own = give(eetu, named).json()
    assert (own["needs_guardian"], own["in_effect"], told(alliance, path)) == (True, False, [])
    waits = kaisa.get(list_of).json()["items"]
    assert [(one["item"], one["in_effect"]) for one in waits] == [("QUIET_SPACE", False)]
    theirs = give(kaisa, named).json()
    assert (theirs["given_by"], theirs["in_effect"]) == ("guardian", True)
    assert told(alliance, path) == ["QUIET_SPACE"]
    assert kind(give(kaisa, named, item="LANGUAGE_BUDDY")) == (409, "guardian-not-asked")
    assert kind(post(eetu, f"/consents/{theirs['id']}/withdrawal"))[0] == 403
    assert post(kaisa, f"/consents/{theirs['id']}/withdrawal").status_code == 200
    assert told(alliance, path) == []
    assert give(kaisa, named).json()["in_effect"]
    post(eetu, f"/consents/{own['id']}/withdrawal")
    assert told(alliance, path) == []


def test_the_own_consent_is_enough_once_somebody_is_old_enough_on_the_day(
    alliance: Alliance,
) -> None:
    named = at_fifteen(alliance)
    path = agreed(alliance, alliance.eetu)
    later = NOW + YEAR
    assert told(alliance, path, now=later) == []
    anew = give(alliance.client("eetu", later), named).json()
    assert (anew["id"] != named["consent_id"], anew["in_effect"]) == (True, True)
    assert told(alliance, path, now=later) == ["QUIET_SPACE"]
    withdrawal = f"/consents/{anew['id']}/withdrawal"
    assert kind(post(alliance.client("guardian", later), withdrawal))[0] == 404
    assert post(alliance.client("eetu", later), withdrawal).json()["withdrawn_at"]
    assert told(alliance, path, now=later) == []
    of_all = f"{V1}/apprentices/{alliance.eetu.id}/consents"
    both = alliance.client("eetu", later).get(of_all).json()["items"]
    assert [bool(one["withdrawn_at"]) for one in both] == [True, True]


def test_a_guardian_learns_of_no_need_that_one_may_share_alone(alliance: Alliance) -> None:
    """Eetu is 17."""
    with transaction(alliance.engine) as session:
        needing(session, alliance.eetu.id, needs={"PRAYER_SPACE": "soft"})
    named: dict[str, object] = {
        "apprentice_id": alliance.eetu.id, "company_id": alliance.company.id
    }  # fmt: skip
    given = give(alliance.client("eetu"), named, item="PRAYER_SPACE").json()
    assert (given["needs_guardian"], given["in_effect"]) == (False, True)
    kaisa = alliance.client("guardian")
    assert kaisa.get(f"{V1}/apprentices/{alliance.eetu.id}/consents").json() == {"items": []}
    refused = [give(kaisa, named, item=item) for item in ("PRAYER_SPACE", "QUIET_SPACE")]
    assert refused[0].content == refused[1].content
    assert kind(refused[0]) == (409, "guardian-not-asked")
    assert kind(post(kaisa, f"/consents/{given['id']}/withdrawal")) == (404, "no-such-consent")
    recorded = give(alliance.client("sending"), named, item="PRAYER_SPACE", **HEARD)
    assert kind(recorded) == (409, "guardian-not-asked")


def test_a_coordinator_records_what_was_said_on_paper(alliance: Alliance) -> None:
    named, path = at_fifteen(alliance, agreed=False), agreed(alliance, alliance.eetu)
    sending = alliance.client("sending")
    paper = give(sending, named, **HEARD)
    assert paper.status_code == 201
    assert paper.json() | HEARD == paper.json()
    assert told(alliance, path) == []
    own = HEARD | {"given_by": "apprentice", "heard_from": "Eetu"}
    assert give(sending, named, **own).json()["in_effect"]
    assert give(sending, named, **own).json()["id"] == give(sending, named, **own).json()["id"]
    assert told(alliance, path) == ["QUIET_SPACE"]
    assert post(sending, f"/consents/{paper.json()['id']}/withdrawal").status_code == 200
    assert told(alliance, path) == []


def test_what_cannot_be_is_refused_and_nothing_is_stored(alliance: Alliance) -> None:
    named, aino = of_aino(alliance), alliance.client("aino")
    nobody = named | {"company_id": uuid.uuid4()}
    of_eetu = named | {"apprentice_id": alliance.eetu.id}
    sending, tomorrow = alliance.client("sending"), str(NOW.date() + datetime.timedelta(days=1))
    own = HEARD | {"given_by": "apprentice"}
    answers = {
        "somebody else": (give(aino, of_eetu), 404, "no-such-apprentice"),
        "no company": (give(aino, nobody), 404, "no-such-company"),
        "no need of hers": (give(aino, named, item="NO_HEIGHTS"), 422, "not-their-need"),
        "no need at all": (give(aino, named, item="ASTHMA"), 422, "unknown-need"),
        "no such text": (give(aino, named, text_version=9), 422, "consent-text"),
        "no such language": (give(aino, named, language="sv"), 422, "consent-text"),
        "for her guardian": (give(aino, named, given_by="guardian"), 403, "not-yours-to-answer"),
        "for her company": (give(aino, named, given_by="company"), 422, "faulty-request"),
        "heard of herself": (give(aino, named, **own), 422, "consent-heard"),
        "not said how": (give(sending, named), 422, "consent-heard"),
        "by account": (give(sending, named, **own | {"channel": "account"}), 422, "faulty-request"),
        "tomorrow": (give(sending, named, **own | {"heard_on": tomorrow}), 422, "consent-heard"),
        "before the text": (
            give(sending, named, **own | {"heard_on": "2026-01-01"}), 422, "consent-text",
        ),
        "a stranger": (give(alliance.client("stranger"), named, **own), 404, "no-such-apprentice"),
        "none": (post(aino, f"/consents/{uuid.uuid4()}/withdrawal"), 404, "no-such-consent"),
        "no texts": (aino.get(f"{V1}/consent-texts?language=sv"), 422, "consent-text"),
    }  # fmt: skip
    for what, (answer, *expected) in answers.items():
        assert kind(answer) == tuple(expected), what
    with transaction(alliance.engine, writes=False) as session:
        assert session.exec(select(models.Consent)).all() == []


def test_a_consent_that_was_tampered_with_is_told_to_nobody(alliance: Alliance) -> None:
    named = of_aino(alliance, "QUIET_SPACE", "LANGUAGE_BUDDY")
    path, aino = agreed(alliance, alliance.aino), alliance.client("aino")
    broken = give(aino, named).json()["id"]
    give(aino, named, item="LANGUAGE_BUDDY")
    with transaction(alliance.engine) as session:
        row = session.get_one(models.Consent, uuid.UUID(broken))
        row.item = row.item[:-1] + bytes([row.item[-1] ^ 1])
    assert told(alliance, path) == ["LANGUAGE_BUDDY"]
    items = aino.get(f"{V1}/apprentices/{alliance.aino.id}/consents").json()["items"]
    assert {one["item"] for one in items} == {None, "LANGUAGE_BUDDY"}
    assert post(aino, f"/consents/{broken}/withdrawal").json()["withdrawn_at"]


NEVER = {
    "score", "lift", "rank", "eligible", "parts", "excluded_by", "priority", "warnings", "needs",
    "override_reason", "confirmed", "fewer_opportunities", "barrier", "held_for", "evidence", "sex",
}  # fmt: skip


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys(one) for one in value.values()))
    return set().union(*(keys(one) for one in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("state", ["asked", "agreed", "placed"])
def test_no_company_reads_points_ranks_counts_or_needs(alliance: Alliance, state: str) -> None:
    named = of_aino(alliance, "QUIET_SPACE", "PRAYER_SPACE")
    give(alliance.client("aino"), named)
    if state == "placed":
        placed(alliance)
    else:
        asked(alliance, 3 if state == "asked" else 4)
    company = alliance.client("company")
    (one,) = company.get(f"{V1}/proposals").json()["items"]
    paths = ["/proposals", f"/proposals/{one['id']}", "/placements", "/offers", "/waiting",
             f"/offers/{alliance.offer.id}", f"/companies/{alliance.company.id}",
             f"/proposals/{one['id']}/questions"]  # fmt: skip
    if state == "placed":
        (row,) = company.get(f"{V1}/placements").json()["items"]
        paths.append(f"/placements/{row['id']}")
    answers = [company.get(f"{V1}{path}") for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    assert set().union(*(keys(answer.json()) for answer in answers)) & NEVER == set()
    words = b"".join(answer.content for answer in answers)
    assert b"PRAYER_SPACE" not in words
    assert (b"QUIET_SPACE" in words) == (state != "asked")
    for path in (f"/apprentices/{alliance.aino.id}/consents", f"/apprentices/{alliance.aino.id}",
                 f"/apprentices/{alliance.aino.id}/needs"):  # fmt: skip
        assert company.get(f"{V1}{path}").status_code == 403
    assert kind(company.get(f"{V1}/proposals?sort=-score"))[0] == 403


def test_every_version_of_the_text_is_there_in_every_language(alliance: Alliance) -> None:
    versions = {one.version for one in consent.texts()}
    assert {(one.version, one.language) for one in consent.texts()} == {
        (version, language) for version in versions for language in LANGUAGES
    }
    (one,) = alliance.client("guardian").get(f"{V1}/consent-texts?language=de").json()["items"]
    assert one["version"] == consent.newest(NOW.date()) == 1
    assert one["text"] == consent.text_of(1, "de").text  # type: ignore[union-attr]  # it is there


def test_who_consents_has_read_the_newest_text_and_paper_may_be_older(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = datetime.date(2027, 1, 12)
    later = [dataclasses.replace(one, version=2, since=newer) for one in consent.texts()]
    both = (*later, *consent.texts())
    monkeypatch.setattr(consent, "texts", lambda: both)
    named, aino = of_aino(alliance), alliance.client("aino")
    sending, own = alliance.client("sending"), HEARD | {"given_by": "apprentice"}
    said = [(aino, 1, {}), (aino, 2, {}), (sending, 1, own), (sending, 2, own)]
    answers = [give(who, named, text_version=version, **more) for who, version, more in said]
    assert [one.status_code for one in answers] == [422, 201, 201, 422]
    listed = aino.get(f"{V1}/consent-texts?language=fi").json()["items"]
    assert [one["version"] for one in listed] == [2, 1]


@pytest.mark.parametrize(
    ("countries", "age"),
    [("ES PT", 14), ("PT FI", 13), ("FI ES", 14), ("ES DE", 16), ("PL FI", 16), ("PT SE", 16)],
)
def test_the_higher_age_of_both_countries_counts(countries: str, age: int) -> None:
    assert consent.own_from(countries.split()) == age
