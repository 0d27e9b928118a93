"""Map and figures: who goes where, what each region sends and hosts, places and people by month."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

import models
from api import store
from api.edge import Permit, Reading, language_of, may
from api.errors import NoSuchCallError
from api.headers import FILE, STYLED
from api.language import Language
from api.pages.frame import show
from api.pages.pictures import bars, flow_map, outlines
from api.pages.pictures.bars import Group, Part
from api.pages.pictures.drawing import Picture
from api.policy import Action
from api.services import figures
from matcher.vocabulary import default_reference
from models.figure_views import Balance, Counted, FlowsShown, OfMonth, RegionShown

router = APIRouter()

MOST_CALLS = 100


@dataclass(frozen=True)
class Figure:
    """A picture with its table: the same numbers. The first cell of a row names it."""

    name: str
    picture: Picture
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    labels: int = 1
    """So many cells at the beginning of a row are words, the others numbers."""


@router.get("/figures")
def page(
    request: Request, session: Reading, permit: Permit = may(Action.FIGURES_READ), call: str = ""
) -> Response:
    """All figures of a call, of the newest open one where none is chosen."""
    found = figures.call_of(session, call or None)
    language = Language(language_of(request))
    made = [make(session, found, permit, language) for make in FIGURES.values()] if found else []
    calls = store.calls.calls(session, limit=MOST_CALLS)
    return show(
        request, "figures.html", figures=made, call=found, has_outlines=outlines.are_there(),
        calls=[(row.code, row.name) for row in calls],
    )  # fmt: skip


def _figure(session: Session, name: str, call: str, permit: Permit, request: Request) -> Figure:
    """One figure. Raises NoSuchCallError."""
    found = figures.call_of(session, call or None)
    if found is None:
        raise NoSuchCallError(call)
    return FIGURES[name](session, found, permit, Language(language_of(request)))


def _svg(name: str) -> Callable[..., Response]:
    def picture(
        request: Request, session: Reading, permit: Permit = may(Action.FIGURES_READ),
        call: str = "",
    ) -> Response:  # fmt: skip
        """A picture as a file."""
        drawn = _figure(session, name, call, permit, request).picture.alone()
        return _file(drawn, "image/svg+xml", f"{name}.svg")

    return picture


def _csv(name: str) -> Callable[..., Response]:
    def numbers(
        request: Request, session: Reading, permit: Permit = may(Action.FIGURES_READ),
        call: str = "",
    ) -> Response:  # fmt: skip
        """Its table as a file."""
        found = _figure(session, name, call, permit, request)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(found.heads)
        writer.writerows([_as_text(cell) for cell in row] for row in found.rows)
        return _file("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")

    return numbers


def _file(content: str, kind: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": STYLED if kind.startswith("image/") else FILE,
        "Vary": "Cookie, Accept-Language",
    }
    return Response(content.encode(), media_type=kind, headers=headers)


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _count(language: Language, counted: Counted) -> str:
    if counted.low == counted.high:
        return language.number(counted.low)
    return f"{language.number(counted.low)}–{language.number(counted.high)}"


@dataclass(frozen=True)
class _Line:
    """What goes from one region to another; `proposed` are those of the reader's own list."""

    sending: str
    hosting: str
    placed: Counted
    asked: Counted
    proposed: Counted

    @property
    def drawn(self) -> Counted:
        """What its arrow stands for: the surest there is."""
        return next((one for one in (self.placed, self.asked) if one.high), self.proposed)


def _lines(session: Session, call: models.Call, permit: Permit, shown: FlowsShown) -> list[_Line]:
    rest = figures.proposed(session, call, permit.caller)
    lines = [
        _Line(one.sending, one.hosting, one.placed, one.asked,
              _exactly(rest.pop((one.sending, one.hosting), 0)))
        for one in shown.flows
    ]  # fmt: skip
    more = sorted(rest.items(), key=lambda one: (-one[1], one[0]))
    return lines + [
        _Line(sending, hosting, figures.NONE, figures.NONE, _exactly(count))
        for (sending, hosting), count in more
    ]


def _exactly(count: int) -> Counted:
    return Counted(low=count, high=count)


def flows(session: Session, call: models.Call, permit: Permit, language: Language) -> Figure:
    """The flows between regions, on the map."""
    shown = figures.flows(session, call, permit.scope, permit.caller.scope_id)
    lines = _lines(session, call, permit, shown)
    name_of = _names(shown.regions)
    told = [_flow_in_words(language, name_of, one) for one in lines]
    arrows = [
        flow_map.Arrow(
            one.sending, one.hosting, one.drawn.low, one.placed.high > 0,
            _count(language, one.drawn), words, is_idea=one.drawn is one.proposed,
        )
        for one, words in zip(lines, told, strict=True)
        if one.sending != one.hosting
    ]  # fmt: skip
    stops = [
        flow_map.Stop(one.code, one.name, one.longitude, one.latitude) for one in shown.regions
    ]
    frame, parts = flow_map.draw(stops, arrows)
    title = language.phrase("Who goes where: {call}", call=call.name)
    said = " ".join(told) or language.phrase("Nobody is placed or asked yet.")
    return Figure(
        "flows", Picture("flows", frame.width, frame.height, title, said, parts),
        (language.phrase("From region"), language.phrase("To region"), language.phrase("Placed"),
         language.phrase("Being asked"), language.phrase("Proposed")),
        [(name_of[one.sending], name_of[one.hosting],
          *(_count(language, count) for count in (one.placed, one.asked, one.proposed)))
         for one in lines],
        labels=2,
    )  # fmt: skip


def _flow_in_words(language: Language, name_of: dict[str, str], one: _Line) -> str:
    return language.phrase(
        "From {sending} to {hosting}: {placed} placed, {asked} being asked, {proposed} proposed.",
        sending=name_of[one.sending], hosting=name_of[one.hosting],
        placed=_count(language, one.placed), asked=_count(language, one.asked),
        proposed=_count(language, one.proposed),
    )  # fmt: skip


def balance(session: Session, call: models.Call, permit: Permit, language: Language) -> Figure:
    """What each region sent and hosted."""
    shown = figures.flows(session, call, permit.scope, permit.caller.scope_id)
    found = figures.balance(shown).balance
    name_of = _names(shown.regions)
    legend = (language.phrase("Sent"), language.phrase("Hosted"))
    groups = [
        Group(
            name_of[one.region],
            [
                (_count(language, counted), [Part(n, counted.low, words)])
                for n, (counted, words) in enumerate(
                    zip((one.sent, one.hosted), legend, strict=True)
                )
            ],
        )
        for one in found
    ]
    told = " ".join(
        language.phrase(
            "{region}: {sent} sent, {hosted} hosted.", region=name_of[one.region],
            sent=_count(language, one.sent), hosted=_count(language, one.hosted),
        )
        for one in found
    )  # fmt: skip
    height, parts = bars.lying("balance", groups, legend)
    title = language.phrase("What each region sends and hosts: {call}", call=call.name)
    return Figure(
        "balance", Picture("balance", bars.WIDTH, height, title, told, parts),
        (language.phrase("Region"), *legend, language.phrase("Difference")),
        [(name_of[one.region], _count(language, one.sent), _count(language, one.hosted),
          _difference(language, one)) for one in found],
    )  # fmt: skip


def _difference(language: Language, one: Balance) -> str:
    low, high = one.hosted.low - one.sent.high, one.hosted.high - one.sent.low
    if low == high:
        return language.number(low)
    return language.phrase("{low} to {high}", low=language.number(low), high=language.number(high))


def months(session: Session, call: models.Call, permit: Permit, language: Language) -> Figure:
    """Places and people by month, stacked by sector."""
    found = figures.months(session, call, permit.scope, permit.caller.scope_id).months
    sectors = [*default_reference().codes("sectors"), ""]
    other = language.phrase("Other work")
    legend = [language.name("sectors", code) if code else other for code in sectors]
    name_of = dict(zip(sectors, legend, strict=True))
    by_month: dict[str, list[OfMonth]] = {}
    for one in found:
        by_month.setdefault(language.month(one.month), []).append(one)
    places_of, people_of = language.phrase("Places"), language.phrase("People")
    groups = [
        Group(
            name,
            [
                (places_of, [Part(n, of.places, language.phrase(
                    "{month}, {work}, places: {count}", month=name, work=legend[n],
                    count=language.number(of.places))) for n, of in enumerate(parts)]),
                (people_of, [Part(n, of.people.low, language.phrase(
                    "{month}, {work}, people: {count}", month=name, work=legend[n],
                    count=_count(language, of.people))) for n, of in enumerate(parts)]),
            ],
        )
        for name, parts in by_month.items()
    ]  # fmt: skip
    height, parts = bars.stacked(
        "months",
        groups,
        legend,
        language.phrase("In each month: places on the left, people on the right"),
    )
    title = language.phrase("Places and people by month: {call}", call=call.name)
    said = " ".join(
        language.phrase(
            "{month}: places {places}, people {people}.", month=name,
            places=language.number(sum(of.places for of in rows)),
            people=_count(language, sum((of.people for of in rows), figures.NONE)),
        )
        for name, rows in by_month.items()
    )  # fmt: skip
    return Figure(
        "months", Picture("months", bars.WIDTH, height, title, said, parts),
        (language.phrase("Month"), language.phrase("Sector"), places_of, people_of),
        [(name, name_of[of.sector], language.number(of.places), _count(language, of.people))
         for name, rows in by_month.items() for of in rows if of.places or of.people.high],
        labels=2,
    )  # fmt: skip


def _names(regions: Sequence[RegionShown]) -> dict[str, str]:
    return {one.code: one.name for one in regions}


FIGURES: dict[str, Callable[[Session, models.Call, Permit, Language], Figure]] = {
    "flows": flows, "balance": balance, "months": months,
}  # fmt: skip
"""Every figure by its name, which is its address as well, in the order of the page."""

for _name in FIGURES:
    router.add_api_route(f"/figures/{_name}.svg", _svg(_name), methods=["GET"])
    router.add_api_route(f"/figures/{_name}.csv", _csv(_name), methods=["GET"])
