"""Cases that tests of pages look at, besides those of the roles, and forms that were looked at."""

import uuid
from collections.abc import Callable
from typing import Any

import models
from api.database import transaction
from api.services import by_hand, proposals, wishes
from models import Answer, Party
from models.pair_views import WishAsked
from tests.api.alliance import Alliance
from tests.api.roles import Before, a_proposal
from tests.api.roles.decisions import asked

Named = dict[str, object]


def of_eetu(alliance: Alliance) -> uuid.UUID:
    """A proposal of Eetu, who is 17, that waits for the sending coordinator."""
    with transaction(alliance.engine) as session:
        case = by_hand.propose(
            session, alliance.caller("sending"), alliance.call.id, alliance.eetu.id,
            alliance.other_window.id, override_reason="they asked for it",
        )  # fmt: skip
        return case.proposal.id


def agreed(alliance: Alliance) -> Named:
    """A proposal of Aino to which everybody said yes."""
    return asked(alliance, 4)


def refused(alliance: Alliance) -> Named:
    """A proposal of Aino that the company declined."""
    named = asked(alliance)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        company = alliance.caller("company")
        proposals.answer(session, company, case, Party.COMPANY, Answer.NO, reason="dates")
    return named


def wished(alliance: Alliance) -> Named:
    """A proposal of Aino that matchings may not make again."""
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        said = WishAsked(wish=models.PairWord.FORBID, reason="they fell out")
        sending = alliance.caller("sending")
        wishes.say(session, sending, alliance.aino.id, alliance.window.id, said)
    return named


def seen(before: Before) -> Before:
    """The same case, with the version of it as it stands then."""

    def made(alliance: Alliance) -> Named:
        named = before(alliance)
        with transaction(alliance.engine, writes=False) as session:
            row = session.get_one(models.Proposal, named["proposal_id"])
            return named | {"version": row.version}

    return made


def looked_at(form: dict[str, Any]) -> Callable[[Named], dict[str, Any]]:
    """A form with the version of the case as it stands now."""

    def made(named: Named) -> dict[str, Any]:
        return form | {"version": str(named["version"])}

    return made
