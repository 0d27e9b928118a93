"""The windows of one offer: which of the file is which of the database."""

import datetime
import uuid
from collections.abc import Sequence

import models
from api.imports.columns import OF_WINDOW
from api.imports.lines import Line
from api.imports.work import Work

Dates = tuple[datetime.date, datetime.date]


def plan_windows(
    work: Work,
    offer_id: uuid.UUID | None,
    lines: Sequence[Line],
    existing: Sequence[models.OfferWindow],
) -> list[str]:
    """Plan the windows of the rows of one offer, and say which columns change.

    A window is known by its dates. One whose dates are new is the known one that it overlaps
    and that the file does not name otherwise: its dates were moved. All others are new ones.
    Known windows that the file does not name stay: nothing is taken away by leaving it out.
    """
    wanted = _wanted(work, lines)
    if offer_id is None:
        return []
    known = {(row.available_from, row.available_to): row for row in existing}
    moved = _moved([dates for dates in wanted if dates not in known],
                   [row for dates, row in known.items() if dates not in wanted])  # fmt: skip
    changed: list[str] = []
    for dates, line in wanted.items():
        row = known.get(dates) or moved.get(dates)
        places = line.get("places")
        if row is not None and places is not None and places < row.taken:
            taken = row.taken
            work.problems.say(line, "places", "below_taken", "at_least", taken=taken, least=taken)
        reserved = line.get("reserved")
        if reserved is None:
            reserved = row.reserved if row is not None else 0
        if places is not None and reserved > places:
            work.problems.say(
                line, "reserved", "reserved_beyond", "at_most", places=places, reserved=reserved,
                most=places,
            )  # fmt: skip
        values = {
            "offer_id": offer_id, "available_from": dates[0], "available_to": dates[1],
            "places": places, "reserved": reserved,
        }  # fmt: skip
        identity = row.id if row is not None else work.caller.new_id()
        names = work.change(models.OfferWindow, identity, row, values)
        changed += [name for name in OF_WINDOW if name in names]
    return changed


def _wanted(work: Work, lines: Sequence[Line]) -> dict[Dates, Line]:
    """The rows by their dates; told where dates are wrong or stand twice."""
    wanted: dict[Dates, Line] = {}
    for number, line in enumerate(lines):
        first, last = line.get("available_from"), line.get("available_to")
        if first is None or last is None:
            continue
        if first > last:
            if number:  # of the first row it is told with the offer
                work.problems.say(line, "available_to", "window_order", "not_before")
            continue
        if (first, last) in wanted:
            row = wanted[first, last].number
            work.problems.say(line, "available_from", "window_twice", "window_once", row=row)
            continue
        wanted[first, last] = line
    return wanted


def _moved(
    dates: Sequence[Dates], rows: Sequence[models.OfferWindow]
) -> dict[Dates, models.OfferWindow]:
    """New dates, and the window that they are the dates of now; the earliest first."""
    left = sorted(rows, key=lambda row: row.available_from)
    found: dict[Dates, models.OfferWindow] = {}
    for first, last in sorted(dates):
        for row in left:
            if row.available_from <= last and first <= row.available_to:
                found[first, last] = row
                left.remove(row)
                break
    return found
