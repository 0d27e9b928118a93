"""Today for a company: its offers, whom it is asked about, and the one next step."""

from collections.abc import Sequence

from sqlmodel import Session

from api.caller import Caller
from api.edge import Permit
from api.language import Language
from api.pages.next_step import Line, NextStep, Own
from api.pages.offer_shown import Row, after_publishing, in_order, next_matching_told, row_of
from api.pages.words import Words
from api.policy import Action, scope_of
from api.services import companies, offer_lists, offers
from api.services.waiting import Waiting
from models import OfferStatus
from models.offer_views import OffersWanted

MOST = 200
"""So many offers are listed."""


def of_company(session: Session, language: Language, permit: Permit, found: Waiting) -> Own:
    """The page of a company."""
    caller = permit.caller
    seen = scope_of(caller.role, Action.OFFER_READ)
    own = scope_of(caller.role, Action.COMPANY_READ)
    assert seen is not None  # noqa: S101  # companies read their offers
    assert own is not None  # noqa: S101  # and themselves
    assert caller.scope_id is not None  # noqa: S101  # an account of a company has one
    company = companies.one(session, caller, own, caller.scope_id)
    wanted = OffersWanted(company=company.id, limit=MOST)
    listed = offer_lists.page(session, caller, seen, wanted).items
    held = offer_lists.held(session, caller, listed)
    rows = in_order([row_of(language, offer, caller.today, held) for offer in listed])
    return Own(
        hello=language.phrase("Hello {name}", name=company.name),
        step=_step(session, language, caller, found, rows),
        title=language.phrase("Your offers"),
        lines=[_line(language, row) for row in rows if row.offer.status != OfferStatus.CLOSED],
        then=after_publishing(session, language, caller) if rows else (),
    )


def _line(language: Language, row: Row) -> Line:
    status = Words(language).of("offer_status", row.offer.status)
    told = [status]
    if row.places:
        told.append(
            language.phrase_count(
                "{free} of {n} place is free", "{free} of {n} places are free", row.places,
                free=language.number(row.free),
            )
        )  # fmt: skip
    told += [row.held] if row.held else []
    told.append(row.dates or language.phrase("No dates yet"))
    is_open = row.offer.status == OfferStatus.PUBLISHED
    return Line(row.offer.title, is_open, " · ".join(told), f"/offers/{row.offer.id}")


def _step(
    session: Session, language: Language, caller: Caller, found: Waiting, rows: Sequence[Row]
) -> NextStep:
    """The first of these that holds."""
    phrase, to_answer = language.phrase, sum(found.proposals.values())
    if to_answer:
        told = language.phrase_count(
            "{n} person could come to you. Say yes or no, or ask something.",
            "{n} people could come to you. Say yes or no, or ask something.", to_answer,
        )  # fmt: skip
        return NextStep(told, "/proposals?waiting=me", phrase("Look and answer"))
    if found.provision_questions:
        told = language.phrase_count(
            "{n} question about your workplace waits for your answer.",
            "{n} questions about your workplace wait for your answer.", found.provision_questions,
        )  # fmt: skip
        return NextStep(told, "/provision-questions", phrase("Answer"))
    by_status = {status: [row for row in rows if row.offer.status == status]
                 for status in OfferStatus}  # fmt: skip
    if not rows:
        return NextStep(
            phrase(
                "Post your first offer. It takes a few minutes: what the work is, when, and what"
                " the workplace has."
            ),
            "/offers/new", phrase("Post an offer"),
        )  # fmt: skip
    if by_status[OfferStatus.DRAFT]:
        draft = by_status[OfferStatus.DRAFT][0].offer
        told = phrase(
            "Your offer “{title}” is a draft. Nobody can be proposed before you publish it.",
            title=draft.title,
        )
        return NextStep(told, f"/offers/{draft.id}/steps/when", phrase("Finish the draft"))
    published = by_status[OfferStatus.PUBLISHED]
    free = [row for row in published if row.free]
    if free:
        return NextStep(_waits(session, language, caller, free))
    if any(row.places for row in published):
        return NextStep(
            phrase(
                "Nothing waits for you. Somebody is looked at for each of your places, or booked."
                " You get a mail when you are asked."
            )
        )
    if by_status[OfferStatus.PAUSED]:
        paused = by_status[OfferStatus.PAUSED][0].offer
        told = phrase("Your offer “{title}” pauses: nobody is proposed.", title=paused.title)
        return NextStep(told, f"/offers/{paused.id}", phrase("Look at it and resume"))
    again = rows[0].offer
    return NextStep(
        phrase("Your offers are over. Use one again for other dates whenever you like."),
        f"/offers/{again.id}/again", phrase("Use it again"),
    )  # fmt: skip


def _waits(session: Session, language: Language, caller: Caller, free: Sequence[Row]) -> str:
    """That nothing is to do: since when the offers are there, and when somebody looks at them."""
    since = offers.published_since(session, [row.offer.id for row in free])
    told = [language.phrase("Nothing waits for you.")]
    if since:
        day = language.day_of(min(since.values()))
        told.append(
            language.phrase("Your offer is published since {day}.", day=day)
            if len(free) == 1
            else language.phrase("Your first offer is published since {day}.", day=day)
        )
    told.append(next_matching_told(session, language, caller))
    told.append(language.phrase("We write to you when somebody is proposed."))
    return " ".join(part for part in told if part)
