"""Travel groups of a call: classes and friends, who is in them, who goes along."""

import uuid
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api.edge import Permit, Reading, Writing, may
from api.language import N_, Language
from api.pages.frame import Faults, Form, attempt, go_to, read, show, version_seen
from api.policy import Action, Scope
from api.services import calls, clock, friends, groups, people, showing_groups
from api.services.showing_groups import shown
from api.store.scopes import groups_in
from models import GroupKind, TravelGroupFields
from models.base import Code
from models.group_views import AlongAsked, GroupAsked

router = APIRouter()

LABELS: dict[str, str] = {
    "name": N_("Name"), "kind": N_("Who"), "members": N_("Who is in it"),
    "region_code": N_("Region"), "town": N_("Town"), "first_day": N_("First day"),
    "last_day": N_("Last day"), "together_or_not_at_all": N_("All or nobody"),
    "items": N_("Who goes along"),
}  # fmt: skip

ROWS_LEFT = 2
"""So many empty rows there are for more people who go along."""

MOST_SHOWN = 50

CallCode = Annotated[Code | None, Query()]


@router.get("/groups")
def listed(
    request: Request, session: Reading, call: CallCode = None, after: uuid.UUID | None = None,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """The groups of a call that one's own people are in."""
    every = people.open_calls(session)
    code = call or (every[-1].code if every else None)
    if code is None:
        return show(request, "groups.html", call=None, calls=[], items=[], more=None)
    chosen = calls.load(session, permit.caller, code)
    found = showing_groups.page(
        session, chosen.id, groups_in(permit.scope, permit.caller.scope_id), after=after,
        limit=MOST_SHOWN + 1,
    )  # fmt: skip
    items = shown(session, permit.caller, permit.scope, chosen.id, found[:MOST_SHOWN])
    rest = {"call": code, "after": found[MOST_SHOWN - 1].id} if len(found) > MOST_SHOWN else None
    return show(
        request, "groups.html", call=chosen, items=items,
        calls=[(one.code, one.name) for one in every],
        more=f"/groups?{urlencode(rest)}" if rest else None,
    )  # fmt: skip


@router.get("/groups/new")
def new(
    request: Request, session: Reading, call: Annotated[Code, Query()],
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """The form for a group of a call."""
    return _new(request, session, permit, calls.load(session, permit.caller, call))


@router.post("/groups/new")
def make(
    request: Request, form: Form, session: Writing, permit: Permit = may(Action.GROUP_CHANGE)
) -> Response:
    """Make a group of one's own people who take part in the call."""
    caller, language = permit.caller, Language(permit.caller.language)
    call = calls.load(session, caller, str(form.get("call", "")))
    given = _fields(form) | {"members": form.getlist("members")}
    asked, faults = read(GroupAsked, given, language)
    if asked is not None:
        fields = TravelGroupFields(**asked.model_dump(exclude={"members", "accompanying_persons"}))
        with attempt(session, faults, language):
            groups.check_people_in(session, caller, permit.scope, asked.members)
            group = groups.make_group(session, caller, call.id, fields, asked.members)
            if group.kind == GroupKind.FRIENDS:
                friends.ask_both(session, caller, group)
        if not faults:
            return go_to(request, f"/groups/{group.id}")
    return _new(request, session, permit, call, form, faults)


@router.get("/groups/{group_id}")
def one(
    group_id: uuid.UUID, request: Request, session: Reading,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """A group: who is in it, who lacks a place, who goes along, what is fixed for all."""
    return _page(request, session, permit, group_id)


@router.post("/groups/{group_id}")
def change(
    group_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """Change what is fixed for all, where all are one's own people."""
    caller, language = permit.caller, Language(permit.caller.language)
    group = _found(session, permit, group_id)
    given = _fields(form) | {"kind": group.kind}
    asked, faults = read(TravelGroupFields, given, language)
    if asked is not None:
        with attempt(session, faults, language):
            held = _found(session, permit, group_id, version_seen(form))
            groups.check_whole(session, caller, permit.scope, held)
            groups.change_group(session, caller, held, asked)
    return _done(request, session, permit, group_id, form, faults)


@router.post("/groups/{group_id}/members")
def change_members(
    group_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """Take somebody of one's own people in, or out."""
    caller, faults = permit.caller, Faults()
    _found(session, permit, group_id)
    do = groups.remove_member if form.get("remove") else groups.add_member
    person = _identity(form.get("remove") or form.get("add"))
    with attempt(session, faults, Language(caller.language)):
        group = _found(session, permit, group_id, version_seen(form))
        groups.check_people_in(session, caller, permit.scope, [person])
        do(session, caller, group, person)
    return _done(request, session, permit, group_id, form, faults)


@router.post("/groups/{group_id}/accompanying-persons")
def set_accompanying(
    group_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """Say who goes along, day by day, where all members are one's own people."""
    caller, language = permit.caller, Language(permit.caller.language)
    _found(session, permit, group_id)
    columns = [form.getlist(name) for name in ("along_name", "along_from", "along_to")]
    rows = [
        {"name": str(name).strip(), "first_day": first, "last_day": last}
        for name, first, last in zip(*columns, strict=False)
        if str(name).strip()
    ]
    asked, faults = read(AlongAsked, {"items": rows}, language)
    if asked is not None:
        with attempt(session, faults, language):
            group = _found(session, permit, group_id, version_seen(form))
            groups.check_whole(session, caller, permit.scope, group)
            groups.set_accompanying(session, caller, group, asked.items)
    return _done(request, session, permit, group_id, form, faults)


@router.post("/groups/{group_id}/split")
def split(
    group_id: uuid.UUID, request: Request, form: Form, session: Writing,
    permit: Permit = may(Action.GROUP_CHANGE),
) -> Response:  # fmt: skip
    """End the effect of a group for good; its members' proposals stay."""
    faults = Faults()
    _found(session, permit, group_id)
    with attempt(session, faults, Language(permit.caller.language)):
        group = _found(session, permit, group_id, version_seen(form))
        groups.split(session, permit.caller, group)
    return _done(request, session, permit, group_id, form, faults)


def _done(
    request: Request, session: Session, permit: Permit, group_id: uuid.UUID, form: Any,
    faults: Faults,
) -> Response:  # fmt: skip
    """The group again: afresh, or with what was wrong."""
    if faults:
        return _page(request, session, permit, group_id, form, faults)
    return go_to(request, f"/groups/{group_id}")


def _page(
    request: Request, session: Session, permit: Permit, group_id: uuid.UUID, form: Any = None,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    caller, language = permit.caller, Language(permit.caller.language)
    row = _found(session, permit, group_id)
    call = session.get_one(models.Call, row.call_id)
    (group,) = shown(session, caller, permit.scope, row.call_id, [row])
    return show(
        request, "group.html", status=422 if faults else 200, group=group, call=call,
        typed=form or {}, faults=faults or Faults(), labels=_labels(language),
        zone=clock.zone_of(session, permit.caller),
        regions=_regions(session, permit), rows_left=ROWS_LEFT,
        others=[] if row.split_at else _free(session, permit, call),
    )  # fmt: skip


def _new(
    request: Request, session: Session, permit: Permit, call: models.Call, form: Any = None,
    faults: Faults | None = None,
) -> Response:  # fmt: skip
    return show(
        request, "group_new.html", status=422 if faults else 200, call=call, typed=form or {},
        faults=faults or Faults(), labels=_labels(Language(permit.caller.language)),
        regions=_regions(session, permit), others=_free(session, permit, call),
    )  # fmt: skip


def _free(session: Session, permit: Permit, call: models.Call) -> list[tuple[str, str]]:
    """Who of one's own people takes part and is in no group of the call, by name."""
    found = showing_groups.without_group(session, permit.caller, permit.scope, call.id)
    return [(str(person.id), f"{person.last_name}, {person.first_name}") for person in found]


def _regions(session: Session, permit: Permit) -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in people.regions(session, permit.caller, Scope.ALL)]


def _fields(form: Any) -> dict[str, Any]:
    plain = TravelGroupFields.model_fields.keys() - {"together_or_not_at_all"}
    given: dict[str, Any] = {
        name: text for name in plain if (text := str(form.get(name, "")).strip())
    }
    return given | {"together_or_not_at_all": "together_or_not_at_all" in form}


def _found(
    session: Session, permit: Permit, group_id: uuid.UUID, seen: int | None = None
) -> models.TravelGroup:
    mine = groups_in(permit.scope, permit.caller.scope_id)
    return groups.find(session, group_id, mine, seen=seen)


def _identity(text: object) -> uuid.UUID:
    """The id that was sent; one that nobody has where there is none."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return uuid.UUID(int=0)


def _labels(language: Language) -> dict[str, str]:
    return {name: language.phrase(text) for name, text in LABELS.items()}
