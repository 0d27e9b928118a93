"""Spreadsheets brought in: the template, what is wrong by row, a look first, the import."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.datastructures import UploadFile

from api.edge import Permit, Reading, Writing, may
from api.imports import tables
from api.language import N_, NN_, Language
from api.pages.frame import Faults, Form, attempt, show
from api.policy import Action
from api.services import imports, round_lists
from api.services.imports import ImportReport, Noun, Tables
from models import CallStatus

router = APIRouter(prefix="/imports")

MOST_BYTES = dict.fromkeys(("/imports", "/imports/check"), tables.MOST_BYTES + 100_000)
"""The largest bodies of these addresses: as many bytes as files may have, and what is around."""

NOUNS = {
    Noun.COMPANIES: N_("Hosts"),
    Noun.OFFERS: N_("Offers"),
    Noun.APPRENTICES: N_("Apprentices"),
}
"""What the sheets are called."""

AGAIN = {
    "apprentice": NN_(
        "{n} apprentice changed who has a proposal or a placement",
        "{n} apprentices changed who have a proposal or a placement",
    ),
    "offer": NN_(
        "{n} offer changed for which there is a proposal or a placement",
        "{n} offers changed for which there are proposals or placements",
    ),
    "company": NN_(
        "{n} host changed for which there is a proposal or a placement",
        "{n} hosts changed for which there are proposals or placements",
    ),
}
"""What is looked at once more after an import, by the table."""


@router.get("")
def form_of_import(
    request: Request, session: Reading, _permit: Permit = may(Action.IMPORT_RUN)
) -> Response:
    """How spreadsheets come in: the template, then the files."""
    return _page(request, session)


@router.get("/template")
def template(
    _permit: Permit = may(Action.IMPORT_RUN),
    noun: Annotated[Noun | None, Query(description="One sheet alone, as CSV.")] = None,
) -> Response:
    """The template to be filled in: a workbook, or one sheet of it."""
    name = f"{noun}.csv" if noun else "template.xlsx"
    content = imports.template_csv(noun) if noun else imports.template()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        content, media_type="text/csv" if noun else imports.XLSX, headers=headers
    )  # fmt: skip


def uploaded(form: Form) -> Tables | None:
    """The files of the form, opened before a transaction begins; None where there are none.

    They are kept nowhere: with the request they are gone.
    """
    files = [one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename]
    contents = [(one.filename or "file", one.file.read()) for one in files]
    for one in files:
        one.file.close()
    return imports.read(contents) if contents else None


Files = Annotated[Tables | None, Depends(uploaded)]


@router.post("/check")
def check(
    request: Request, permit: Annotated[Permit, may(Action.IMPORT_RUN)], form: Form,
    files: Files, session: Reading,
) -> Response:  # fmt: skip
    """Say what an import of these files would do, and everything that is wrong."""
    return _done(request, session, permit, form, files, imports.plan)


@router.post("")
def run(
    request: Request, permit: Annotated[Permit, may(Action.IMPORT_RUN)], form: Form,
    files: Files, session: Writing,
) -> Response:  # fmt: skip
    """Import the files: all rows, or none where anything is wrong."""
    return _done(request, session, permit, form, files, imports.carry_out)


def _done(
    request: Request, session: Session, permit: Permit, form: Any, files: Tables | None,
    do: Callable[..., Any],
) -> Response:  # fmt: skip
    """The page again, with what became of it; `do` plans the import or carries it out."""
    faults, found = Faults(), None
    language = Language(permit.caller.language)
    if files is None:
        faults.fields["files"] = language.phrase("Please choose a file.")
        return _page(request, session, form=form, faults=faults)
    with attempt(session, faults, language):
        mine = imports.own_rows(session, permit.caller)
        done = do(session, permit.caller, files, may_change=mine, call=_call(form))
        found = imports.report(done, language)
    return _page(request, session, form=form, faults=faults, found=found)


def _call(form: Any) -> str | None:
    return str(form.get("call", "")) or None


def _page(
    request: Request, session: Session, *, form: Any = None, faults: Faults | None = None,
    found: ImportReport | None = None,
) -> Response:  # fmt: skip
    """The form, and below it what came out; what is wrong answers 422."""
    wrong = bool(faults) or (found is not None and found.total > 0)
    calls = [
        (one.code, one.name)
        for one in round_lists.calls_with_rounds(session)
        if one.status == CallStatus.OPEN
    ]
    return show(
        request, "imports.html", status=422 if wrong else 200, block="result", calls=calls,
        faults=faults or Faults(), found=found, nouns=NOUNS, again=AGAIN,
        typed={"call": form.get("call", "")} if form is not None else {},
        most_rows=tables.MOST_ROWS, most_megabytes=tables.MOST_BYTES // 1024**2,
        file_is_kept="hx-request" in request.headers,
    )  # fmt: skip
