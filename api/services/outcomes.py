"""What the last round left open: people without a place, windows with places."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlmodel import Session

import models
from api import chain, store
from api.caller import Caller
from api.errors import NoSuchCallError, SealBrokenError
from api.sealing import BrokenSealError, bundle
from api.sentences import Speaker
from api.services import laws, unmet
from api.services.explaining import changed, rules, speaker, work
from api.store.windows import Place
from matcher.explanation import NOT_SUITABLE
from matcher.result import IdleOffer, Unmatched
from models import pair_views as views
from models.provision_views import UnmetNeed


def unmatched(
    session: Session, caller: Caller, code: str, *conditions: object, after: uuid.UUID | None,
    limit: int,
) -> views.UnmatchedPage:  # fmt: skip
    """Who stayed without a place in the last done round of a call, by the people's ids.

    `conditions` say whose people. Raises NoSuchCallError.
    """
    call, last = _last(session, code)
    known = store.people.names_in_call(session, call.id, *conditions)
    waiting = _waiting(last)
    listed = [one for one in waiting if one in known and (after is None or one > after)]
    page = _unmatched(session, last, listed[:limit])
    people = [uuid.UUID(row.apprentice) for row in page]
    placed = store.groups.with_place(session, call.id, people)
    named = {near.offer for row in page for near in row.nearest}
    named |= {full.offer for row in page for full in row.full}
    places = store.windows.places_of(session, [uuid.UUID(offer) for offer in named])
    needs = iter(
        unmet.unmet_needs(
            session, caller,
            [
                unmet.Refused(person, places[uuid.UUID(near.offer)].offer,
                              unmet.named_in(near.changes))
                for row, person in zip(page, people, strict=True)
                for near in row.nearest
                if uuid.UUID(near.offer) in places
            ],
        )
    )  # fmt: skip
    behind = laws.behind(
        session, [laws.Refused(person, place, near.failing)
                  for row, person in zip(page, people, strict=True)
                  for near in row.nearest
                  if (place := places.get(uuid.UUID(near.offer)))]
    )  # fmt: skip
    of_each, says = iter(behind), speaker(caller)
    items = []
    for row, person in zip(page, people, strict=True):
        first_name, last_name = known[person]
        items.append(
            views.UnmatchedShown(
                apprentice_id=person, first_name=first_name, last_name=last_name,
                has_place=person in placed, reason=row.reason, excluded_by=row.excluded_by,
                text=says.why_unmatched(row),
                nearest=_nearest(says, row, places, needs, of_each),
                full=[
                    views.Taken(work=work(places[uuid.UUID(one.offer)]), full=_told(one.full))
                    for one in row.full
                    if uuid.UUID(one.offer) in places
                ],
            )
        )  # fmt: skip
    rest = listed[limit - 1] if len(listed) > limit else None
    return views.UnmatchedPage(round=_named(last), items=items, next=rest)


def left_by(session: Session, code: str) -> frozenset[uuid.UUID]:
    """Everybody whom the last done round of a call left without a place, of every region."""
    return frozenset(_waiting(_last(session, code)[1]))


def idle(
    session: Session,
    caller: Caller,
    code: str,
    *conditions: object,
    after: uuid.UUID | None,
    limit: int,
) -> views.IdlePage:
    """Windows that the last done round of a call left with places, by their ids.

    Whoever asks may not know anybody's needs: all who do not come are one figure, which
    rests on nobody's needs. `conditions` say whose windows. Raises NoSuchCallError.
    """
    _, last = _last(session, code)
    stored, places, everybody = _idle_offers(session, last)
    own = {place.window.id: place for place in store.windows.places(session, *conditions)}
    rows = _after(stored, "offer", own, after)
    items = []
    for row in (IdleOffer.model_validate(one) for one in rows[:limit]):
        coming = places[row.offer] - row.free_places
        counts = {NOT_SUITABLE: everybody - coming} if everybody > coming else {}
        items.append(
            views.IdleShown(
                work=work(own[uuid.UUID(row.offer)]), free_places=row.free_places,
                excluded_by=counts, text=speaker(caller).counts(counts),
            )
        )  # fmt: skip
    rest = items[-1].work.window_id if len(rows) > limit else None
    return views.IdlePage(round=_named(last), items=items, next=rest)


def _told(full: str) -> str:
    """What is full. That what is left is reserved would tell of needs of who is there."""
    return "offer" if full == "reserved" else full


def _last(session: Session, code: str) -> tuple[models.Call, models.Round | None]:
    """The call and its last done round."""
    call = store.calls.call_by_code(session, code)
    if call is None:
        raise NoSuchCallError(code)
    return call, store.rounds.last_done(session, call.id)


def _waiting(last: models.Round | None) -> list[uuid.UUID]:
    """Who stayed without a place, in the order of the ids."""
    if last is None or last.files is None:
        return []
    try:
        return bundle.people_in(last.files, "unmatched")
    except BrokenSealError:
        raise SealBrokenError("round", last.id) from None


def _unmatched(
    session: Session, last: models.Round | None, people: Sequence[uuid.UUID]
) -> list[Unmatched]:
    """What the round says of people without a place; of those alone the files are opened."""
    if last is None or last.files is None or not people:
        return []
    vault = chain.vault_of(session)
    try:
        found = bundle.parts_of(vault, last.id, last.files, people)
    except BrokenSealError:
        raise SealBrokenError("round", last.id) from None
    chain.read(session, "unmatched.read", found)
    return [
        Unmatched.model_validate(found[one]["result.unmatched"][0][1])
        for one in people
        if "result.unmatched" in found.get(one, {})
    ]


def _idle_offers(
    session: Session, last: models.Round | None
) -> tuple[list[dict[str, Any]], dict[str, int], int]:
    """Offers with places left, the places of every offer, and how many people took part."""
    if last is None or last.files is None:
        return [], {}, 0
    try:
        common = bundle.common_of(chain.vault_of(session), last.id, last.files)
    except BrokenSealError:
        raise SealBrokenError("round", last.id) from None
    places = {offer["id"]: offer["places"] for offer in common["problem"]["offers"]}
    return common["result"]["idle_offers"], places, len(bundle.people_in(last.files))


def _after(
    rows: list[dict[str, Any]], name: str, known: Mapping[uuid.UUID, object],
    after: uuid.UUID | None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The rows of known ones that come after an id; a result has them in the order of ids."""
    return [
        row
        for row in rows
        if uuid.UUID(row[name]) in known and (after is None or row[name] > str(after))
    ]


def _nearest(
    says: Speaker, row: Unmatched, places: Mapping[uuid.UUID, Place],
    needs: Iterator[list[UnmetNeed]], behind: Iterator[laws.Laws],
) -> list[views.NearlyPossible]:  # fmt: skip
    """The nearest windows; `needs` and `behind` have those of each, in this order."""
    return [
        views.NearlyPossible(
            work=work(places[uuid.UUID(near.offer)]),
            failing=rules(says, near.failing, next(behind)),
            changes=changed(near.changes), how=says.changes(near.changes),
            unmet_needs=next(needs),
        )
        for near in row.nearest
        if uuid.UUID(near.offer) in places
    ]  # fmt: skip


def _named(last: models.Round | None) -> views.RoundNamed | None:
    if last is None:
        return None
    return views.RoundNamed(id=last.id, kind=last.kind, finished_at=last.finished_at)
