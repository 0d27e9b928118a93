"""Every error says whole sentences that can be translated, with its data in their places."""

import ast
import datetime
import inspect
import string
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from api import errors
from api.errors import ServiceError, every_error
from api.faults import fault
from api.services.tokens import SCOPES
from api.statuses import Event
from models import GroupKind, OfferEvent, OfferStatus, ProposalStatus
from models.user import SCOPE_OF_ROLE

IDENTITY, DAY = uuid.UUID(int=7), datetime.date(2027, 1, 15)

ARGUMENTS: dict[str, Any] = {
    "action": "proposal.read", "answered": None, "channels": ["mail", "paper"], "closed_on": DAY,
    "code": "2027-spring", "count": 3, "event": OfferEvent.PUBLISH, "first": DAY,
    "identity": IDENTITY, "kind": GroupKind.CLASS, "kinds": ["image/png"],
    "known": ["seed", "weights"], "last": DAY, "longest": 365,
    "missing": ["theme.css", "htmx.js"], "most_bytes": 1_000_000, "name": "weights",
    "names": ["round", "sort=-score"],
    "offer_id": IDENTITY, "party": "company", "provider": "the school",
    "reasons": ("dates", "skills"), "retry_after": 61,
    "right": [fault("days_order")], "role": "centre", "roles": ["centre", "company"],
    "round_id": IDENTITY, "row": IDENTITY, "rules": ["dates", "language"], "sources": None,
    "status": OfferStatus.DRAFT, "table": "round", "warnings": ["forbidden", "outcomes"],
    "what": "place",
}  # fmt: skip
"""Of errors that always say the same, by the names of what they are made from."""

SCOPES_OF_ACCOUNTS = [column.removesuffix("_id") for column in SCOPE_OF_ROLE.values() if column]

CASES: dict[type[ServiceError], list[tuple[Any, ...]]] = {
    errors.AlreadyInGroupError: [(1,), (2,)],
    errors.CallChangeError: [("c", "draft", one) for one in get_args(errors.CallEvent)],
    errors.ConsentTextError: [(None, ()), (2, ("fi", "de"))],
    errors.EnrolmentChangeError: [
        ("applied", "paused", ("selected", "waiting")), ("applied", "paused", ()),
    ],
    errors.FundingTakenError: [(0, 1), (1, 2)],
    errors.GroupIncompleteError: [(1,), (2,)],
    errors.ImportFaultyError: [([{}],), ([{}, {}],)],
    errors.KeyTakenError: [(one,) for one in get_args(errors.UniqueRecord)],
    errors.NoSuchCompaniesError: [([IDENTITY] * 3,), ([IDENTITY] * 5,)],
    errors.NoSuchScopeError: [(noun,) for noun in SCOPES_OF_ACCOUNTS],
    errors.NotEnrolledError: [(1,), (2,)],
    errors.NotNowError: [
        (Event.BOOK, ProposalStatus.ASKED), ("finished", "booked", "placement"),
        ("other_hosts", "asked"), ("past_deadline", "asked"),
        ("request_to_come",), ("request_done",), ("request_to_erase",),
    ],
    errors.NotYourTurnError: [("company", []), ("company", ["guardian", "apprentice"])],
    errors.NotYoursToAnswerError: [("company",), ("coordinator",), ("anybody",)],
    errors.PlacesTakenError: [(1,), (2,)],
    errors.ProvisionKnownError: [(), (DAY,)],
    errors.QueuePlaceError: [(0,), (5,)],
    errors.RecordFaultyError: [([("title", fault("empty"))],), ([("", fault("engine"))],)],
    errors.ScopeOfRoleError: [("role", noun) for noun in (*SCOPES_OF_ACCOUNTS, None)],
    errors.StaleVersionError: [(one, 1, 2, "seed") for one in get_args(errors.Versioned)],
    errors.SuggestionsHiddenError: [("never",), ("selected",)],
    errors.UnknownProvisionError: [
        ("STEP_FREE", ["STEP_FREE_ACCESS"]), ("X", ["STEP_FREE_ACCESS"]),
    ],
    errors.WeakPasswordError: [("short",), ("long",), ("common",), ("personal",)],
    errors.IdentityRefusedError: [("over",), ("cancelled",), ("unproven",)],
    errors.WrongCodeError: [("wrong",), ("used",)],
}  # fmt: skip
"""Of errors that say different things: a case for each variant, and for one and for many."""

NOUNS = {
    "action", "call_status", "channel", "enrolment_status", "field", "group_kind", "language",
    "limit", "offer_event", "offer_status", "party", "placement_status", "proposal_event",
    "proposal_status", "reason", "role", "round_status", "rule", "setting", "warning",
}  # fmt: skip
"""Of what there are codes: each needs its words in every language."""

EVERY = sorted(every_error(), key=lambda one: one.__name__)

each_error = pytest.mark.parametrize("kind", EVERY, ids=lambda one: one.__name__)


def made(kind: type[ServiceError]) -> list[ServiceError]:
    if kind in CASES:
        return [kind(*case) for case in CASES[kind]]
    if kind is errors.ConsentHeardError:
        return [errors.ConsentHeardError(recorded=so) for so in (True, False)]
    if kind.__init__ is ServiceError.__init__:
        return [kind()]
    names = list(inspect.signature(kind).parameters)
    return [kind(**{name: ARGUMENTS[name] for name in names})]


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def sentences(kind: type[ServiceError]) -> Iterator[str]:
    yield from filter(None, (kind.text, kind.plural, *kind.texts.values()))


def test_every_kind_is_the_name_of_one_error() -> None:
    kinds = Counter(one.kind for one in (ServiceError, *EVERY))
    assert [kind for kind, count in kinds.items() if count > 1] == []
    assert len(EVERY) > 130


@each_error
def test_an_error_has_one_text_or_variants(kind: type[ServiceError]) -> None:
    assert bool(kind.text) != bool(kind.texts)
    assert not kind.plural or (kind.text and places(kind.plural) == places(kind.text) >= {"n"})
    assert all(one == " ".join(one.split()) for one in sentences(kind))


@each_error
def test_all_that_an_error_can_say_is_said_with_its_data(kind: type[ServiceError]) -> None:
    cases = made(kind)
    numbers = {one.data["n"] != 1 for one in cases if kind.plural}
    assert {one.sentence for one in cases} == {kind.text, *kind.texts.values()} - {""}
    assert numbers == ({True, False} if kind.plural else set())
    for one in cases:
        assert str(one)
        assert not set("{<") & set(str(one)), "a place is open, or a code is not said plainly"
    known = set().union(*(places(one) for one in sentences(kind)))
    assert {name for one in cases for name in one.data} == known


@each_error
def test_the_codes_of_an_error_are_data_of_a_known_noun(kind: type[ServiceError]) -> None:
    assert set(kind.codes.values()) <= NOUNS
    assert kind.codes.keys() <= {name for one in made(kind) for name in one.data}


def test_every_noun_is_one_of_some_error() -> None:
    assert {noun for kind in EVERY for noun in kind.codes.values()} == NOUNS


def test_no_sentence_is_put_together_from_parts() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(Path(errors.__file__).parent.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
    ]
    assert found == []


def test_one_and_many_have_sentences_of_their_own() -> None:
    assert str(errors.NotEnrolledError(1)).startswith("1 person takes no part")
    assert str(errors.NotEnrolledError(2)).startswith("2 people take no part")
    assert str(errors.PlacesTakenError(1)).startswith("1 place of the window is taken;")
    assert str(errors.PlacesTakenError(0)).startswith("0 places of the window are taken;")


def test_codes_are_said_plainly_and_lists_with_commas() -> None:
    said = errors.NotNowError(Event.BOOK, ProposalStatus.ASKED)
    assert str(said).startswith("A proposal that is 'asked' does not allow 'book' from you;")
    assert said.data == {"event": Event.BOOK, "status": ProposalStatus.ASKED}
    several = errors.NotYourTurnError("company", ("guardian", "apprentice"))
    assert str(several).endswith("(waiting for: guardian, apprentice).")
    assert several.data["waiting_for"] == ["guardian", "apprentice"]


def test_a_translation_is_filled_with_words_for_codes() -> None:
    def shown(noun: str, value: Any) -> object:
        if isinstance(value, datetime.date):
            return f"{value:%d.%m.%Y}"
        return {("party", "company"): "Betrieb", ("party", "guardian"): "Eltern",
                ("party", "apprentice"): "Azubi"}.get((noun, value), value)  # fmt: skip

    several = errors.NotYourTurnError("company", ["guardian", "apprentice"])
    told = several.filled("Jetzt antwortet: {waiting_for}. Nicht: {party}.", shown)
    assert told == "Jetzt antwortet: Eltern, Azubi. Nicht: Betrieb."
    closed = errors.ApplicationsClosedError(DAY)
    assert closed.filled("Seit {closed_on} zu.", shown) == "Seit 15.01.2027 zu."
    with pytest.raises(KeyError, match="party"):
        closed.filled("{party} ist zu.", shown)


def test_a_variant_that_an_error_has_not_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="crew"):
        errors.NoSuchScopeError("crew")


def test_what_a_token_may_do_is_named() -> None:
    assert all(scope in errors.TokenRefusedError.text for scope in SCOPES)
