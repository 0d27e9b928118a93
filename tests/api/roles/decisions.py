"""Questions, wishes, reasons, placements, what waits, the audit."""

import models
from api.database import transaction
from api.services import deadlines, proposals
from models import Answer, Party
from tests import rows
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, a_proposal, row

ORDER = (("sending", Party.SENDING_COORDINATOR), ("hosting", Party.HOSTING_COORDINATOR),
         ("aino", Party.APPRENTICE), ("company", Party.COMPANY))  # fmt: skip


def asked(alliance: Alliance, answers: int = 3) -> dict[str, object]:
    """A proposal of Aino to which the first ones have said yes."""
    named = a_proposal(alliance)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        for who, party in ORDER[:answers]:
            proposals.answer(session, alliance.caller(who), case, party, Answer.YES)
    return named


def a_question(alliance: Alliance) -> dict[str, object]:
    named = asked(alliance)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        company = alliance.caller("company")
        kind = models.QuestionKind.TALK
        question = deadlines.ask_question(session, company, case, kind, "A call?")
        return named | {"question_id": question.id}


def a_placement(alliance: Alliance) -> dict[str, object]:
    named = asked(alliance, 4)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        placement = proposals.book(session, alliance.caller("sending"), case, "Uwe")
        return named | {"placement_id": placement.id}


def abroad(alliance: Alliance) -> dict[str, object]:
    named = a_placement(alliance)
    with transaction(alliance.engine) as session:
        session.get_one(
            models.Placement, named["placement_id"]
        ).status = models.PlacementStatus.ABROAD
    return named


def withdrawn(alliance: Alliance) -> dict[str, object]:
    named = asked(alliance)
    with transaction(alliance.engine) as session:
        case = proposals.load(session, named["proposal_id"])  # type: ignore[arg-type]
        proposals.withdraw(session, alliance.caller("sending"), case, "dates")
    return named


def a_wish(alliance: Alliance) -> dict[str, object]:
    wish = models.PairWish(**rows.stamped(
        apprentice_id=alliance.aino.id, window_id=alliance.window.id, wish="forbid",
        reason="they fell out", made_by=alliance.users["sending"].id,
    ))  # fmt: skip
    with transaction(alliance.engine) as session:
        session.add(wish)
    return {"apprentice_id": alliance.aino.id, "window_id": alliance.window.id,
            "offer_id": alliance.offer.id}  # fmt: skip


ONLY_SENDING = NO_OFFICE | {"hosting": 404, "stranger": 404}
ONLY_COORDINATORS = NO_OFFICE | {"stranger": 404}
OTHERS = {"admin": 403, "stranger": 404, "other": 404, "eetu": 404, "guardian": 404}

row("GET", "/proposals/{proposal_id}/questions", before=a_question, rest=200,
    **ONLY_COORDINATORS | {"company": 200, "other": 404})  # fmt: skip
row("POST", "/proposals/{proposal_id}/questions", {"kind": "talk"}, before=asked, rest=403,
    company=201, other=404)  # fmt: skip
row("POST", "/questions/{question_id}/answer", {"text": "Yes"}, before=a_question, rest=200,
    **ONLY_COORDINATORS)  # fmt: skip

row("GET", "/wishes", before=a_wish, rest=200, **NO_OFFICE)
row("PUT", "/apprentices/{apprentice_id}/wishes/{window_id}", {"wish": "lock", "reason": "so"},
    before=a_wish, rest=200, **ONLY_SENDING)  # fmt: skip
row("DELETE", "/apprentices/{apprentice_id}/wishes/{window_id}", before=a_wish, rest=204,
    **ONLY_SENDING)  # fmt: skip

row("GET", "/suggestions?call=2027&apprentice={apprentice_id}", before=a_wish, rest=200,
    **ONLY_SENDING | {"aino": 200, "eetu": 404})  # fmt: skip
row("GET", "/explanations?call=2027&apprentice={apprentice_id}&offer={offer_id}", before=a_wish,
    rest=200, **ONLY_SENDING | {"aino": 200, "eetu": 404})  # fmt: skip
row("GET", "/proposals/{proposal_id}/alternatives", before=asked, rest=200, **ONLY_SENDING)
row("GET", "/proposals/{proposal_id}/other-hosts", before=withdrawn, rest=200, **ONLY_SENDING)
row("GET", "/unmatched?call=2027", before=a_wish, rest=200, **NO_OFFICE)
row("GET", "/idle-offers?call=2027", before=a_wish, rest=200, **NO_OFFICE)

row("GET", "/placements", before=a_placement, rest=200, admin=403)
row("GET", "/placements/{placement_id}", before=a_placement, rest=200, **OTHERS)
row("POST", "/placements/{placement_id}/begin", before=a_placement, rest=200,
    **ONLY_COORDINATORS)  # fmt: skip
row("POST", "/placements/{placement_id}/finish", before=abroad, rest=200, **ONLY_COORDINATORS)
row("POST", "/placements/{placement_id}/cancellation", {"reason": "illness"}, before=a_placement,
    rest=200, **ONLY_COORDINATORS)  # fmt: skip
row("POST", "/offers/{offer_id}/drop-out", {"reason": "no_capacity"}, before=a_wish, rest=200,
    **NO_OFFICE | {"sending": 404, "stranger": 404})  # fmt: skip

row("GET", "/waiting", before=a_wish, rest=200, admin=403)
row("GET", "/audit", before=a_wish, rest=200, **NO_OFFICE | {"admin": 200})
