"""Today for an apprentice and for a guardian: where one stands, and the one next step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import Session

import models
from api import store
from api.edge import Permit
from api.language import N_, Language
from api.pages.next_step import Line, NextStep, Own
from api.pages.offer_shown import next_matching_told
from api.pages.own import Own as Whose
from api.pages.own import own
from api.pages.words import Words, located
from api.policy import Action, scope_of
from api.services import case_lists, guardians, sharing
from api.services.own_calls import OwnCall, own_calls
from api.services.waiting import Waiting
from matcher.limits import ADULT, age_on
from models import EnrolmentStatus, Party, ProposalStatus, Role
from models.proposal_views import ProposalForApprentice, ProposalsWanted

THEN: dict[str, tuple[str, ...]] = {
    "before": (
        N_("We propose a place to you, and say why it could suit you."),
        N_("You say yes or no. Then the host says yes or no."),
        N_("Your coordinator books the stay, and your school does the papers with you."),
    ),
    "asked": (
        N_("You say yes or no."),
        N_("The host says yes or no."),
        N_("Your coordinator books the stay, and your school does the papers with you."),
    ),
    "answered": (
        N_("The others answer."),
        N_("Your coordinator books the stay, and your school does the papers with you."),
    ),
    "booked": (),
}
"""What happens then, by how far one is."""

GUARDIAN_TOO = N_("A guardian has to say yes too, because you are under 18.")


@dataclass(frozen=True)
class Found:
    """What the page of a person rests on."""

    whose: Whose
    calls: Sequence[OwnCall]
    proposals: Sequence[ProposalForApprentice]
    guardians: Sequence[models.Guardian]
    is_minor: bool

    @property
    def asked(self) -> ProposalForApprentice | None:
        """The proposal that waits for the apprentice."""
        return next((one for one in self.proposals if Party.APPRENTICE in one.waiting_for), None)

    @property
    def call(self) -> OwnCall | None:
        """The call in which the person takes part."""
        return next((one for one in self.calls if one.takes_part), None)


def of_apprentice(session: Session, language: Language, permit: Permit, waiting: Waiting) -> Own:
    """The page of an apprentice."""
    found = _found(session, permit)
    how_far = (
        "asked" if found.asked
        else "booked" if any(one.status == ProposalStatus.PLACEMENT for one in found.proposals)
        else "answered" if found.proposals else "before"
    )  # fmt: skip
    then = [language.phrase(text) for text in THEN[how_far]]
    if then and found.is_minor:
        then.insert(1, language.phrase(GUARDIAN_TOO))
    return Own(
        hello=language.phrase("Hello {name}", name=found.whose.person.first_name),
        step=_step(session, language, found, waiting),
        title=language.phrase("Where you stand"),
        lines=list(_lines(session, language, found)), then=then,
    )  # fmt: skip


def of_guardian(session: Session, language: Language, permit: Permit, _waiting: Waiting) -> Own:
    """The page of somebody who answers for an apprentice under age."""
    found = _found(session, permit)
    ward = found.whose.person
    me = next((one for one in found.guardians if one.id == permit.caller.scope_id), None)
    asked = next((one for one in found.proposals if Party.GUARDIAN in one.waiting_for), None)
    consents = sharing.waits_for_guardian(session, ward, found.whose.centre)
    phrase, name = language.phrase, ward.first_name
    if asked is not None:
        step = NextStep(
            phrase("A place is proposed to {name}: {place}. You are asked whether you agree.",
                   name=name, place=_place(asked)),
            f"/proposals/{asked.id}", phrase("Look at it and answer"),
        )  # fmt: skip
    elif consents:
        step = NextStep(
            phrase("{name} agreed that a host may be told something. It counts if you agree too.",
                   name=name),
            "/consents", phrase("Look at it"),
        )  # fmt: skip
    else:
        step = NextStep(
            phrase("There is nothing for you to do. You get a mail when your answer is needed.")
        )
    return Own(
        hello=phrase("Hello {name}", name=me.name if me else "").strip(),
        lead=phrase("You answer for {name}.", name=f"{name} {ward.last_name}"),
        step=step, title=phrase("Where {name} stands", name=name),
        lines=[_place_line(language, found, phrase("No place is proposed yet."))],
        then=[
            phrase("A place is proposed to {name}, with the reasons.", name=name),
            phrase("{name} and you say yes or no. Then the host says yes or no.", name=name),
            phrase("The coordinator books the stay, and the school does the papers with you."),
        ],
    )  # fmt: skip


def _found(session: Session, permit: Permit) -> Found:
    whose = own(session, permit, Action.WAITING_READ, Role.APPRENTICE, Role.GUARDIAN)
    scope = scope_of(permit.caller.role, Action.PROPOSAL_READ)
    assert scope is not None  # noqa: S101  # both roles read proposals
    items, _ = case_lists.page(session, permit.caller, scope, ProposalsWanted(limit=20))
    cases = [one for one in items if isinstance(one, ProposalForApprentice)]
    return Found(
        whose, own_calls(session, permit.caller, whose.person),
        [one for one in cases if one.status in models.NOT_ENDED],
        guardians.of(session, whose.person.id),
        age_on(whose.person.birth_date, permit.caller.today) < ADULT,
    )  # fmt: skip


def _step(session: Session, language: Language, found: Found, waiting: Waiting) -> NextStep:
    """The first of these that holds."""
    phrase = language.phrase
    if found.asked is not None:
        told = phrase("A place is proposed to you: {place}.", place=_place(found.asked))
        days = language.days(found.asked.first_day, found.asked.last_day)
        return NextStep(
            f"{told} {days}.", f"/proposals/{found.asked.id}", phrase("Look at it and answer")
        )
    for told, path in _missing(language, found):
        return NextStep(told, path, phrase("Fill it in"))
    if waiting.friend_wishes:
        return NextStep(phrase("A friend would like to travel with you."), "/friends",
                        phrase("Look at it"))  # fmt: skip
    open_for = next((one.call for one in found.calls if one.can_apply), None)
    if found.call is None and open_for is not None:
        told = phrase("You can apply for {call} until {day}.", call=open_for.name,
                      day=language.day(open_for.closes_on))  # fmt: skip
        return NextStep(told, "/my-calls", phrase("Look and apply"))
    if found.proposals:
        one = found.proposals[0]
        booked = one.status == ProposalStatus.PLACEMENT
        told = (
            phrase("Your stay is booked: {place}.", place=_place(one))
            if booked
            else phrase("You have nothing to do. The others answer about {place}.",
                        place=_place(one))
        )  # fmt: skip
        return NextStep(told, f"/proposals/{one.id}", phrase("See how it stands"))
    return _nothing(session, language, found)


def _nothing(session: Session, language: Language, found: Found) -> NextStep:
    phrase = language.phrase
    if found.call is None:
        return NextStep(
            phrase("You do not take part in a call yet. Your school tells you when there is one."),
            "/my-calls", phrase("Look at the calls"),
        )  # fmt: skip
    selected = found.call.enrolment and found.call.enrolment.status == EnrolmentStatus.SELECTED
    if not selected:
        return NextStep(phrase("You have nothing to do now. Your school tells you how it goes on."))
    told = [
        phrase("You have nothing to do now."),
        next_matching_told(session, language, found.whose.caller, found.call.call),
        phrase("You get a mail when a place is proposed to you."),
    ]
    return NextStep(
        " ".join(part for part in told if part), "/suggestions",
        phrase("Look at places that would suit you"),
    )  # fmt: skip


def _missing(language: Language, found: Found) -> Iterator[tuple[str, str]]:
    """What the profile lacks, and where it is filled in."""
    person, phrase = found.whose.person, language.phrase
    if not (person.email or person.phone):
        yield phrase("Say how we reach you: by e-mail or by phone."), "/profile/about"
    if person.available_to < found.whose.caller.today:
        yield phrase("The time when you can go is over. Say when you can go now."), "/profile/when"


def _lines(session: Session, language: Language, found: Found) -> Iterator[Line]:
    phrase = language.phrase
    missing = [told for told, _ in _missing(language, found)]
    told = " ".join(missing) or phrase("complete")
    yield Line(phrase("Your profile"), not missing, told, "/profile")
    call = found.call
    if call is not None and call.enrolment is not None:
        yield Line(
            call.call.name, call.enrolment.status == EnrolmentStatus.SELECTED,
            Words(language).of("own_enrolment", call.enrolment.status), "/my-calls",
        )  # fmt: skip
    else:
        yield Line(phrase("Call"), False, phrase("You do not take part in a call yet."),
                   "/my-calls")  # fmt: skip
    if found.is_minor:
        names = [one.name for one in found.guardians]
        yield Line(
            phrase("Guardian"), bool(names),
            language.listed(names)
            or phrase("Nobody is named yet. Tell your school who may sign for you."),
        )  # fmt: skip
    nothing = [phrase("No place is proposed to you yet.")]
    if call and call.enrolment and call.enrolment.status == EnrolmentStatus.SELECTED:
        nothing.append(next_matching_told(session, language, found.whose.caller, call.call))
    yield _place_line(language, found, " ".join(part for part in nothing if part))
    has_said = store.apprentices.needs_row(session, found.whose.person.id) is not None
    if has_said and found.proposals:
        yield Line(
            phrase("What the host may know"), True,
            phrase("You decide it for each thing. If you agree to nothing, it learns nothing."),
            "/consents",
        )  # fmt: skip


def _place_line(language: Language, found: Found, nothing: str) -> Line:
    name = language.phrase("Place")
    if not found.proposals:
        return Line(name, False, nothing)
    one = found.proposals[0]
    days = language.days(one.first_day, one.last_day)
    status = Words(language).of("proposal_status", one.status)
    told = " · ".join((_place(one), days, status))
    return Line(name, one.status == ProposalStatus.PLACEMENT, told, f"/proposals/{one.id}")


def _place(one: ProposalForApprentice) -> str:
    return located(one.work.title, one.work.company, one.work.town)
