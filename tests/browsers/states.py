"""How the small alliance stands when a page is looked at, besides what the roles' matrix makes."""

import datetime
import uuid
from collections.abc import Callable

from sqlmodel import col

import models
from api.database import transaction
from api.services import accounts, deadlines, links, placements, proposals
from models import Answer, LinkKind, Party, ProposalStatus
from tests.api.alliance import NOW, Alliance
from tests.api.roles import a_proposal
from tests.api.roles.calls import FIELDS
from tests.api.roles.decisions import a_placement, asked
from tests.api.roles.pages.cases import of_eetu
from tests.api.roles.rounds import a_round
from tests.api.second import with_factor

Named = dict[str, object]
Before = Callable[[Alliance], Named]

EMPTIED = {"Region", "Centre", "Apprentice", "Guardian", "Company", "Site", "User"}


def called(name: str, before: Before) -> Before:
    """The same under a name of its own, which tells rows apart."""
    before.__name__ = name
    return before


def nothing(_: Alliance) -> Named:
    return {}


def only_people(alliance: Alliance) -> Named:
    """Accounts and whom they belong to: no call, no offer, no matching yet."""
    kept = {getattr(models, name).__table__ for name in EMPTIED}
    with transaction(alliance.engine) as session:
        for table in reversed(models.METADATA.sorted_tables):
            if table not in kept:
                session.execute(table.delete())
    return {}


def after(answers: int) -> Before:
    """Aino's proposal to which so many have said yes: the next one is asked."""
    return called(f"after_{answers}", lambda alliance: asked(alliance, answers))


def _case(alliance: Alliance, named: Named, act: Callable[..., object]) -> Named:
    with transaction(alliance.engine) as session:
        act(session, proposals.load(session, named["proposal_id"]))  # type: ignore[arg-type]
    return named


def rejected(alliance: Alliance) -> Named:
    sending, party = alliance.caller("sending"), Party.SENDING_COORDINATOR
    return _case(
        alliance, a_proposal(alliance),
        lambda session, case: proposals.answer(
            session, sending, case, party, Answer.NO, reason="dates"
        ),
    )  # fmt: skip


def expired(alliance: Alliance) -> Named:
    """The company did not answer in time."""
    named = asked(alliance)
    with transaction(alliance.engine) as session:
        ended = deadlines.expire(session, alliance.service(NOW + datetime.timedelta(days=60)))
    assert ended == 1
    return named


def on_hold(alliance: Alliance) -> Named:
    """The call begins later now."""
    named = asked(alliance)
    client = alliance.client("sending")
    call = client.get("/api/v1/calls/2027").json()
    fields = {name: call[name] for name in FIELDS} | {"stays_from": "2027-03-02"}
    answer = client.put("/api/v1/calls/2027", json=fields, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    return named


def replaced(alliance: Alliance) -> Named:
    """A later matching found something better."""
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        found = session.get_one(models.Proposal, named["proposal_id"])
        found.status = ProposalStatus.REPLACED
    return named


def of_a_child(alliance: Alliance) -> Named:
    """A proposal of Eetu, who is 17: his guardian is asked."""
    named: Named = {"proposal_id": of_eetu(alliance)}
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        for who, party in (
            ("sending", Party.SENDING_COORDINATOR),
            ("hosting", Party.HOSTING_COORDINATOR),
            ("eetu", Party.APPRENTICE),
        ):
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
    return named


def without_guardian(alliance: Alliance) -> Named:
    named: Named = {"proposal_id": of_eetu(alliance)}
    with transaction(alliance.engine) as session:
        session.execute(models.User.__table__.delete().where(col(models.User.role) == "guardian"))
        session.execute(models.Guardian.__table__.delete())
    return named


def cancelled(alliance: Alliance) -> Named:
    """A booked stay that was called off."""
    named = a_placement(alliance)
    with transaction(alliance.engine) as session:
        placement, case = placements.load_placement(session, named["placement_id"])  # type: ignore[arg-type]
        placements.cancel(session, alliance.caller("sending"), placement, case, "illness")
    return named


def a_link(party: Party, who: str, before: Before) -> Before:
    """A personal link for a party that is asked."""

    def made(alliance: Alliance) -> Named:
        named = before(alliance)
        with transaction(alliance.engine) as session:
            case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
            secret = links.make_for(
                session, alliance.caller(who), case, party, LinkKind.LINK, 14
            )  # fmt: skip
        return named | {"secret": secret}

    return called(f"a_link_of_{party}", made)


def an_invitation(alliance: Alliance) -> Named:
    with transaction(alliance.engine) as session:
        user = session.get_one(models.User, alliance.users["company"].id)
        user.email = "company@example.org"
        return {"secret": accounts.invite(session, alliance.caller("admin"), user)}


def round_that(status: models.RoundStatus) -> Before:
    """A matching that came to this, without a result."""

    def made(alliance: Alliance) -> Named:
        named = a_round(alliance)
        with transaction(alliance.engine) as session:
            found = session.get_one(models.Round, named["round_id"])
            found.status = status
            if status == models.RoundStatus.FAILED:
                found.failure = "The solver found no solution."
        return named

    return called(f"{status}_round", made)


def an_unknown_id(_: Alliance) -> Named:
    return {"proposal_id": uuid.uuid4()}


def a_broken_offer(alliance: Alliance) -> Named:
    """A row that no release of this service has written."""
    with transaction(alliance.engine) as session:
        session.get_one(models.Offer, alliance.offer.id).languages = ["en"]  # type: ignore[assignment]
    return {"offer_id": alliance.offer.id}


def with_status(status: models.OfferStatus) -> Before:
    """An offer that stands like this, with a window nobody rests on."""

    def made(alliance: Alliance) -> Named:
        with transaction(alliance.engine) as session:
            session.get_one(models.Offer, alliance.offer.id).status = status
        return {"offer_id": alliance.offer.id, "window_id": alliance.window.id}

    return called(f"{status}_offer", made)


def with_part(before: Before, **part: str) -> Before:
    """The same, and which part of a form is looked at."""
    return called("_".join(part.values()), lambda alliance: before(alliance) | part)


def a_second_step(alliance: Alliance) -> Named:
    """Aino has a second factor, an address and a password."""
    with_factor(alliance, "aino")
    return {}
