"""Which hard needs an offer does not provide for, and what can be done about each.

For those alone who may know what somebody needs.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

import models
from api import store
from api.caller import Caller
from api.policy import Action, scope_of
from api.services.provisions import MET
from matcher.result import Change
from matcher.vocabulary import Provision, Strength, default_reference
from models import ProvisionAnswer
from models.provision_views import (
    QuestionState,
    UnmetKind,
    UnmetLevel,
    UnmetNeed,
    UnmetQuestion,
)

RULE = "hard_needs"
"""The engine's rule behind which needs stand."""

Questions = Mapping[tuple[uuid.UUID, str], models.ProvisionQuestion]


@dataclass(frozen=True)
class Refused:
    """Somebody whom an offer does not suit, because of some of these needs."""

    apprentice: uuid.UUID
    offer: models.Offer
    needs: Collection[str]


def hard_needs_of(session: Session, caller: Caller, apprentice_id: uuid.UUID) -> list[str]:
    """What somebody needs as hard; nothing for who may not know it."""
    if not _may_know(caller):
        return []
    known = store.sealed.needs_of_one(session, "needs.unmet", apprentice_id)
    needs = known.needs if known else {}
    return [code for code, strength in needs.items() if strength == Strength.HARD]


def named_in(changes: Sequence[Change]) -> list[str]:
    """The needs that an explanation of the engine names."""
    return [code for change in changes if change.rule == RULE for code in change.to]


def unmet_needs(
    session: Session, caller: Caller, refused: Sequence[Refused]
) -> list[list[UnmetNeed]]:
    """For each pair the needs that are neither provided nor accepted, in the order of codes."""
    if not _may_know(caller) or not any(one.needs for one in refused):
        return [[] for _ in refused]
    people, offers = {one.apprentice for one in refused}, {one.offer.id for one in refused}
    accepted = {
        (row.apprentice_id, row.offer_id, row.need)
        for row in store.accepted_needs.accepted(session, "needs.unmet", people, offers)
    }
    asks = scope_of(caller.role, Action.PROVISION_ASK) is not None
    questions = store.provisions.last_questions(session, offers) if asks else None
    return [
        [
            _shown(one.offer, code, questions)
            for code in sorted(one.needs)
            if one.offer.provisions.get(code) not in MET
            and (one.apprentice, one.offer.id, code) not in accepted
            and code in default_reference().codes("needs")
        ]
        for one in refused
    ]


def _shown(offer: models.Offer, code: str, questions: Questions | None) -> UnmetNeed:
    row = default_reference().codes("needs")[code]
    unknown = offer.provisions.get(code) == Provision.UNKNOWN
    return UnmetNeed(
        need=code, kind=UnmetKind(row["unmet"]), cost_line=row["cost_line"] or None,
        level=UnmetLevel.UNKNOWN if unknown else UnmetLevel.ABSENT,
        question=(
            None
            if questions is None
            else _question(questions.get((offer.id, code)), unknown=unknown)
        ),
    )  # fmt: skip


def _question(last: models.ProvisionQuestion | None, *, unknown: bool) -> UnmetQuestion:
    """How far it is to know: an offer that says nothing of it can be asked about too."""
    if last is not None and last.answered_at is None:
        return UnmetQuestion(state=QuestionState.OPEN, id=last.id)
    if last is not None and last.answer == ProvisionAnswer.NOT_PROVIDED and not unknown:
        return UnmetQuestion(state=QuestionState.NOT_PROVIDED, id=last.id)
    return UnmetQuestion(state=QuestionState.CAN_BE_ASKED, id=None)


def _may_know(caller: Caller) -> bool:
    return scope_of(caller.role, Action.NEEDS_READ) is not None
