"""Rows of a database as cells of the template, and cells as files."""

import csv
import datetime
import io
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from sqlmodel import Session, col, select

import models
from api.imports.cells import Cell
from api.imports.columns import COLUMNS, Noun
from api.store.rows import every
from tests.sealing import needs_of_all

Row = dict[str, Cell]
Sheets = dict[Noun, list[Row]]


def semicolons(values: Sequence[Any]) -> str:
    return "; ".join(map(str, values))


def with_colons(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}:{value}" for name, value in values.items())


def written(value: Any) -> Cell:
    """A value of a row as somebody writes it into a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return with_colons(value)
    if isinstance(value, list):
        periods = [value_ for value_ in value if isinstance(value_, list)]
        return semicolons(["..".join(p) for p in periods] if periods else value)
    return value


def sheets_of(session: Session) -> Sheets:
    """All companies, offers and apprentices of a database."""
    regions = {row.id: row for row in every(session, models.Region)}
    companies = {row.id: row for row in every(session, models.Company)}
    sites = {row.id: row for row in every(session, models.Site)}
    offers = {row.id: row for row in every(session, models.Offer)}
    centres = {row.id: row for row in every(session, models.Centre)}
    needs = needs_of_all(session)
    enrolled = {row.apprentice_id: row for row in every(session, models.Enrolment)}
    found: Sheets = {noun: [] for noun in Noun}
    for row in by_key(session, models.Company):
        found[Noun.COMPANIES].append(cells(Noun.COMPANIES, row, region=regions[row.region_id].code))
    for row in by_key(session, models.Offer):
        site = sites[row.site_id]
        company = companies[site.company_id]
        windows = session.exec(
            select(models.OfferWindow)
            .where(models.OfferWindow.offer_id == row.id)
            .order_by(col(models.OfferWindow.available_from))
        )
        for window in windows:
            found[Noun.OFFERS].append(
                cells(
                    Noun.OFFERS, row, region=regions[company.region_id].code, company=company.key,
                    site=site.name, site_town=site.town, site_address=site.address,
                    available_from=window.available_from, available_to=window.available_to,
                    places=window.places,
                )
            )  # fmt: skip
    for row in by_key(session, models.Apprentice):
        excluded = [companies[uuid.UUID(i)] for i in row.excluded_companies]
        wished = {offers[uuid.UUID(i)].key: share for i, share in row.interest.items()}
        own = needs[row.id]
        found[Noun.APPRENTICES].append(
            cells(
                Noun.APPRENTICES, row, centre=centres[row.centre_id].code, needs=own.needs,
                fewer_opportunities=own.fewer_opportunities, interest=wished,
                excluded_companies=[f"{regions[c.region_id].code}/{c.key}" for c in excluded],
                enrolment=str(enrolled[row.id].status) if row.id in enrolled else None,
            )
        )  # fmt: skip
    return found


def by_key(session: Session, table: type[Any]) -> list[Any]:
    return list(session.exec(select(table).order_by(table.key)))


def cells(noun: Noun, row: Any, **others: Any) -> Row:
    values = {c.name: getattr(row, c.fills, None) for c in COLUMNS[noun]} | others
    return {name: written(value) for name, value in values.items()}


def workbook(sheets: Mapping[str, Sequence[Mapping[str, Cell]]]) -> bytes:
    """A workbook with these sheets; the header is the keys of the first row."""
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        hour = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(str(name))
            for n, row in enumerate([dict(zip(rows[0], rows[0], strict=True)), *rows]):
                for m, cell in enumerate(row.values()):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(n, m, cell, day)
                    elif isinstance(cell, datetime.time):
                        sheet.write_datetime(n, m, cell, hour)
                    elif cell is not None:
                        sheet.write(n, m, cell)
    return file.getvalue()


def csv_of(
    rows: Sequence[Mapping[str, Cell]], *, separator: str = ",", letters: str = "utf-8"
) -> bytes:
    """A CSV file of these rows."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(letters)
