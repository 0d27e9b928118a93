"""Spreadsheets of companies, offers and people: the template, a look at a file, the import."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, UploadFile
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from api.edge import OnlyOnce, Permit, Reading, may
from api.errors import ImportFaultyError
from api.imports import tables
from api.language import Language
from api.policy import Action
from api.services import imports
from api.services.imports import Noun, Tables
from models.call import IN_ADDRESSES
from models.import_views import ImportReport

router = APIRouter(prefix="/imports", tags=["imports"])

MOST_BYTES = dict.fromkeys(
    ("/api/v1/imports", "/api/v1/imports/check"), tables.MOST_BYTES + 100_000
)  # fmt: skip
"""The largest bodies of these addresses: as many bytes as files may have, and what is around."""

AS_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The template.", "content": {imports.XLSX: {}, "text/csv": {}}}
}

Call = Annotated[
    str | None,
    Form(max_length=60, pattern=IN_ADDRESSES, examples=["demo-2027"],
         description="Enrol people in this call who are not yet in it."),
]  # fmt: skip


@router.get("/template", response_class=Response, responses=AS_FILES)
def template(
    _permit: Permit = may(Action.IMPORT_RUN),
    noun: Annotated[Noun | None, Query(description="One sheet alone, as CSV.")] = None,
) -> Response:
    """The template to be filled in: a workbook with every column and every code, or one sheet."""
    name = f"{noun}.csv" if noun else "template.xlsx"
    content = imports.template_csv(noun) if noun else imports.template()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="text/csv" if noun else imports.XLSX, headers=headers)


@dataclass(frozen=True)
class Uploaded:
    """Files, opened before a transaction begins: a large one takes seconds."""

    tables: Tables
    digests: list[list[str]]


def uploaded(files: list[UploadFile]) -> Uploaded:
    """Workbooks (.xlsx), or CSV files, one a sheet."""
    contents = [(file.filename or "file", file.file.read()) for file in files]
    digests = [[name, hashlib.sha256(content).hexdigest()] for name, content in contents]
    return Uploaded(imports.read(contents), digests)


Files = Annotated[Uploaded, Depends(uploaded)]


@router.post("/check")
def check_import(
    permit: Annotated[Permit, may(Action.IMPORT_RUN)], files: Files, session: Reading,
    call: Call = None,
) -> ImportReport:  # fmt: skip
    """Say what an import of these files would do, and everything that is wrong."""
    mine = imports.own_rows(session, permit.caller)
    planned = imports.plan(session, permit.caller, files.tables, may_change=mine, call=call)
    return imports.report(planned, Language(permit.caller.language))


@router.post("", response_model=ImportReport)
def run_import(
    permit: Annotated[Permit, may(Action.IMPORT_RUN)], files: Files, once: OnlyOnce,
    call: Call = None,
) -> JSONResponse:  # fmt: skip
    """Import files: all rows, or none where anything is wrong. One's own region's rows only."""
    asked = {"files": files.digests, "call": call}
    return once(asked, 200, lambda: _run(once.session, permit, files.tables, call))


def _run(session: Session, permit: Permit, found: Tables, call: str | None) -> ImportReport:
    mine, language = imports.own_rows(session, permit.caller), Language(permit.caller.language)
    done = imports.carry_out(session, permit.caller, found, may_change=mine, call=call)
    if done.problems:
        told = [imports.shown(one, language).model_dump() for one in done.problems]
        raise ImportFaultyError(told)
    return imports.report(done, language)
