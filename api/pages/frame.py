"""What every page has: who looks at it, in which language, the frame around it, its forms."""

import gzip
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2_fragments import render_block
from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import FormData

from api.edge import COOKIE, Anonymous, language_of, refuse_other_sites, version_of
from api.errors import NotFromHereError, ServiceError
from api.headers import PAGE
from api.language import OWN_NAMES, Language
from api.pages import assets, words
from api.pages.navigation import entries, more
from matcher.vocabulary import LANGUAGES
from models.base import Shape

Asked = TypeVar("Asked", bound=Shape)

PACKED = 5
"""How hard pages are packed, 1 to 9: more takes longer than it saves on the way."""

TOKEN = "form_token"  # noqa: S105  # the name of a field
"""The field of every form that says that our own page was sent."""


@cache
def environment() -> Environment:
    """The templates, with what they may call."""
    made = Environment(
        loader=PackageLoader("api.pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.do"],
    )  # fmt: skip
    made.globals["asset"] = assets.shipped().address_of
    made.globals |= {"LANGUAGES": LANGUAGES, "OWN_NAMES": OWN_NAMES, "located": words.located}
    return made


@dataclass
class Faults:
    """What is wrong with a form: of the whole, and of its fields by their names."""

    whole: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.whole or self.fields)


def show(
    request: Request, template: str, *, status: int = 200, block: str | None = None, **data: Any
) -> HTMLResponse:
    """A page, or one block of it for a request of htmx that asks for a part.

    A page that tells moments says in which `zone`.
    """
    language = Language(language_of(request), data.get("zone", "UTC"))
    known = getattr(request.state, "caller", None)
    context = {
        "request": request, "language": language, "_": language.phrase,
        "ngettext": language.phrase_count, "caller": known, "words": words.Words(language),
        "entries": entries(known.role if known else None),
        "more_entries": more(known.role if known else None), "form_token": form_token(request),
        "faults": Faults(), "typed": {}, "here": request.url.path, **data,
    }  # fmt: skip
    is_part = block is not None and "hx-request" in request.headers
    if is_part:  # what base.html imports for whole pages
        context["parts"] = environment().get_template("parts.html").make_module(context)
        html = render_block(environment(), template, block, context)  # type: ignore[arg-type]
    else:
        html = environment().get_template(template).render(context)
    # with `no-referrer` browsers would not say which page a form was sent from
    headers = {
        "Content-Security-Policy": PAGE, "Referrer-Policy": "same-origin",
        "Vary": "Accept-Encoding, Accept-Language, Cookie, HX-Request",
    }  # fmt: skip
    body = html.encode()
    if assets.takes_gzip(request.headers.get("accept-encoding", "")):
        body = gzip.compress(body, PACKED, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return HTMLResponse(body, status, headers=headers)


def go_to(request: Request, path: str) -> Response:
    """Send somebody on after something was done; htmx follows by a header of its own."""
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": path})
    return RedirectResponse(path, status_code=303)


def form_token(request: Request) -> str:
    """The token of the forms of this session, masked anew each time (BREACH).

    It is no secret of its own: whoever has the cookie can work it out, and nobody else.
    """
    expected = _expected(request)
    mask = secrets.token_bytes(len(expected))
    hidden = bytes(a ^ b for a, b in zip(mask, expected, strict=True))
    return (mask + hidden).hex()


def _expected(request: Request) -> bytes:
    secret = request.cookies.get(COOKIE, "")
    return hmac.new(secret.encode(), b"form", hashlib.sha256).digest()


def _is_right(request: Request, token: str) -> bool:
    try:
        given = bytes.fromhex(token)
    except ValueError:
        return False
    half = len(given) // 2
    told = bytes(a ^ b for a, b in zip(given[:half], given[half:], strict=False))
    return hmac.compare_digest(told, _expected(request))


async def sent(request: Request) -> FormData:
    """The form that was sent, by a page of ours. Raises NotFromHereError for any other."""
    headers = request.headers
    if "origin" not in headers and "sec-fetch-site" not in headers:
        raise NotFromHereError
    refuse_other_sites(request)
    form = await request.form()
    if not _is_right(request, str(form.get(TOKEN, headers.get("x-form-token", "")))):
        raise NotFromHereError
    return form


Form = Annotated[FormData, Depends(sent)]

MOST_LETTERS = 100
"""So many letters of a name are looked for."""


def searched(form: FormData, field: str = "words") -> str:
    """What somebody looks for: no longer than a name is, and without what no database takes."""
    return str(form.get(field, "")).replace("\0", "").strip()[:MOST_LETTERS]


def read(shape: type[Asked], given: Mapping[str, Any], language: Language) -> tuple[
    Asked | None, Faults
]:  # fmt: skip
    """The values of a form as the API's shape of them, or what is wrong with which field.

    What else stands in the form (its token, where to go on) is not the shape's; a field that may
    stay empty and does so is as it would be without it.
    """
    values = {
        name: given[name]
        for name, of_shape in shape.model_fields.items()
        if name in given and (given[name] != "" or of_shape.is_required())
    }
    try:
        return shape.model_validate(values), Faults()
    except ValidationError as error:
        faults = Faults()
        for one in error.errors():
            name = ".".join(str(part) for part in one["loc"])
            faults.fields.setdefault(name, words.of_fault(language, one))
        return None, faults


@contextmanager
def attempt(session: Session, faults: Faults, language: Language) -> Iterator[None]:
    """Try something that a service may refuse: then nothing of it is stored, and it is told."""
    try:
        with session.begin_nested():
            yield
    except ServiceError as error:
        for name, told in words.of_error(language, error):
            if name:
                faults.fields[name] = told
            else:
                faults.whole.append(told)


@dataclass(frozen=True)
class Visitor:
    """Somebody who need not be signed in."""

    language: Language


def visitor(request: Request, _caller: Anonymous) -> Visitor:
    """Who looks at a public page."""
    return Visitor(Language(language_of(request)))


Visits = Annotated[Visitor, Depends(visitor)]


def version_seen(form: Mapping[str, Any], field: str = "version") -> int:
    """The version that a form was filled from; one that no row has where it says none."""
    return version_of(str(form.get(field, "")))


def narrowed(
    request: Request, shape: type[Asked], language: Language, lists: tuple[str, ...] = ()
) -> Asked:
    """What the address asks of a list; empty fields and wrong ones narrow nothing.

    `lists` are fields that may stand there several times.
    """
    given: dict[str, Any] = {name: one for name, one in request.query_params.items() if one}
    for name in lists:
        given[name] = [one for one in request.query_params.getlist(name) if one]
    while (found := read(shape, given, language))[0] is None:
        for name in {wrong.partition(".")[0] for wrong in found[1].fields} or set(given):
            given.pop(name, None)
    assert found[0] is not None  # noqa: S101  # the loop ends with it
    return found[0]
