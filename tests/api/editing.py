"""Records as somebody's program edits them: read, changed, sent back."""

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api.database import transaction
from api.services import by_hand, pairs, proposals
from models import Answer, Party
from tests.api.alliance import Alliance
from tests.sealing import details, events

V1 = "/api/v1"
ANY = {"If-Match": "*"}


def edit(client: TestClient, path: str, shape: type[Any], **values: Any) -> Any:
    """Send a record back as it was read, with these values changed."""
    seen = client.get(V1 + path)
    assert seen.status_code == 200, seen.text
    body = {name: seen.json()[name] for name in shape.model_fields} | values
    return client.put(V1 + path, json=body, headers={"If-Match": seen.headers["etag"]})


def faults(answer: Any) -> dict[str, str]:
    """Each field of a faulty record, with the first sentence about it."""
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:doallvet:record-faulty")
    return {one["field"]: one["sentence"] for one in reversed(answer.json()["faults"])}


def agreed(alliance: Alliance, who: models.Apprentice, window: models.OfferWindow) -> Any:
    """A proposal to which everybody has said yes."""
    parties = [("sending", Party.SENDING_COORDINATOR), ("hosting", Party.HOSTING_COORDINATOR)]
    if who is alliance.aino:
        parties.append(("aino", Party.APPRENTICE))
    else:
        parties += [("eetu", Party.APPRENTICE), ("guardian", Party.GUARDIAN)]
    host = "other" if window is alliance.other_window else "company"
    with transaction(alliance.engine) as session:
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, who.id, window.id,
            override_reason="they asked for it",
        )  # fmt: skip
        for name, party in [*parties, (host, Party.COMPANY)]:
            proposals.answer(session, alliance.caller(name), case, party, Answer.YES)
        return case.proposal.id


def standing(engine: Engine, proposal: Any) -> tuple[str, list[str], set[str]]:
    """The status of a proposal, the rules that it breaks, and who has still said yes."""
    with transaction(engine, writes=False) as session:
        row = session.get_one(models.Proposal, proposal)
        yes = session.exec(
            select(models.Approval.party).where(
                models.Approval.proposal_id == proposal, models.Approval.answer == Answer.YES
            )
        )
        broken = details(session, row).held_for
        activity = session.get_one(models.Apprentice, row.apprentice_id).activity
        stay = row.first_day, row.last_day
        assert row.held_for == pairs.for_hosting(broken, activity, stay)
        return str(row.status), broken, {str(party) for party in yes}


def last_audit(engine: Engine, action: str) -> Any:
    """The last thing of this kind that was written down."""
    with transaction(engine, writes=False) as session:
        return events(session, col(models.AuditEvent.action) == action)[-1]


def mails(engine: Engine, text: str) -> set[str]:
    """Who got a message of this kind."""
    with transaction(engine, writes=False) as session:
        found = select(models.OutboxMail.address).where(models.OutboxMail.text == text)
        return set(session.exec(found))
