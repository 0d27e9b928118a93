"""What routes ask for: a transaction, who calls, what that role may, which version was seen.

A route opens one transaction, and it is committed before the answer goes out.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie, HTTPBearer
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

import models
from api import store
from api.caller import Caller, caller_of
from api.database import transaction
from api.errors import (
    KeyUsedDifferentlyError,
    NotAllowedError,
    NotFromHereError,
    SealBrokenError,
    SecondFactorNeededError,
    SessionNeededError,
    SignInNeededError,
    TokenReadsOnlyError,
    UnencryptedError,
    VersionNeededError,
)
from api.language import matching
from api.network import is_loopback
from api.policy import Action, Scope, scope_of
from api.sealing import BrokenSealError
from api.services import factors, sessions, tokens
from api.throttle import Tried
from matcher.vocabulary import LANGUAGES
from models import Role

COOKIE = "__Host-doallvet"
"""The cookie of a signed-in browser. Its prefix binds it to this host and to https."""

TOKEN_SCHEME = HTTPBearer(auto_error=False, scheme_name="token")
COOKIE_SCHEME = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session")
"""How the document of the API names the two ways of being known."""

STEP_COOKIE = "__Host-doallvet-step"
"""The cookie of a browser where the password was given and the code is missing."""

IDENTITY_COOKIE = "__Host-doallvet-identity"
"""The cookie of a browser that was sent to an identity provider."""

DEVICE_COOKIE = "__Host-doallvet-device"
"""The cookie by which a browser is known in which somebody has signed in before."""

LANGUAGE_COOKIE = "__Host-doallvet-language"
"""The cookie of a browser in which somebody chose a language."""

ANSWER_COOKIE = "__Host-doallvet-answer"
"""The cookie of somebody who opened a link to one answer. It is no account's."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def reading(request: Request) -> Iterator[Session]:
    """A transaction that only reads."""
    engine: Engine = request.app.state.engine
    with transaction(engine, writes=False, read_by=_reader(request)) as session:
        yield session


def _reader(request: Request) -> Callable[[], Caller]:
    """Who calls, once it is known: with a link to one answer it is no account."""
    return lambda: getattr(request.state, "caller", None) or anonymous(request)


def writing(request: Request) -> Iterator[Session]:
    """A transaction that is stored whole, or not at all."""
    with transaction(request.app.state.engine, read_by=_reader(request)) as session:
        yield session


Reading = Annotated[Session, Depends(reading, scope="function")]
Writing = Annotated[Session, Depends(writing, scope="function")]


def anonymous(request: Request) -> Caller:
    """Somebody of whom nothing is known, now."""
    state = request.app.state
    return Caller(
        now=state.now(), new_id=state.new_id, request_id=request.state.request_id,
        language=language_of(request),
    )  # fmt: skip


def language_of(request: Request) -> str:
    """The language to answer in: the one that was chosen, the account's, the browser's.

    A page that a message leads to opens in the language of the message instead of the browser's.
    Programs say theirs with each request (`Accept-Language`): theirs goes before the account's.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    known: Caller | None = getattr(request.state, "caller", None)
    if known is not None:
        return known.language
    written_in: str = getattr(request.state, "written_in", "")
    if written_in in LANGUAGES:
        return written_in
    return matching(request.headers.get("accept-language", ""))


def _as_caller(request: Request, caller: Caller, user: models.User) -> Caller:
    is_program = COOKIE not in request.cookies and "accept-language" in request.headers
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    said = caller.language if is_program or chosen in LANGUAGES else ""
    return caller_of(user, caller.now, caller.new_id, request_id=caller.request_id, language=said)


Anonymous = Annotated[Caller, Depends(anonymous)]


def signed_in(
    request: Request, caller: Anonymous,
    _token: Annotated[object, Security(TOKEN_SCHEME)],
    _cookie: Annotated[object, Security(COOKIE_SCHEME)],
) -> Caller:  # fmt: skip
    """Who is signed in by cookie or token, unless there were too many requests.

    Raises SignInNeededError, NotFromHereError, TokenReadsOnlyError, TooManyRequestsError.
    """
    known = request.state.caller = _known(request, caller)
    request.app.state.throttle.check(Tried.REQUEST_OF_ACCOUNT, str(known.user_id))
    return known


def _known(request: Request, caller: Caller) -> Caller:
    engine: Engine = request.app.state.engine
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret:
        with transaction(engine, writes=False) as session:
            by_token = tokens.token_of(session, caller.now, secret.strip())
        if by_token is None:
            raise SignInNeededError
        token, user = by_token
        if request.method not in SAFE_METHODS and "write" not in token.scopes:
            raise TokenReadsOnlyError
        return _as_caller(request, caller, user)
    secret = request.cookies.get(COOKIE, "")
    if not secret:
        raise SignInNeededError
    with transaction(engine, writes=False) as session:
        found = sessions.session_of(session, caller.now, secret, write=False)
    if found is None:
        raise SignInNeededError
    login, user = found
    refuse_other_sites(request)
    if sessions.is_due(login, caller.now):
        with transaction(engine) as session:
            sessions.session_of(session, caller.now, secret)
    request.state.login_id = login.id
    needs_second = factor_required(request, user.role)
    request.state.lacks_factor = needs_second and login.second_at is None
    return _as_caller(request, caller, user)


Signed = Annotated[Caller, Depends(signed_in)]


def whoever(request: Request, caller: Anonymous) -> Caller:
    """Who looks at a page that everybody may see: signed in, or nobody.

    Raises TooManyRequestsError.
    """
    if COOKIE not in request.cookies:
        return caller
    try:
        return signed_in(request, caller, None, None)
    except SignInNeededError:
        return caller


Whoever = Annotated[Caller, Depends(whoever)]


def own_session(request: Request, _caller: Signed) -> uuid.UUID:
    """The session of who is signed in by cookie. Raises SessionNeededError for a token."""
    login_id: uuid.UUID | None = getattr(request.state, "login_id", None)
    if login_id is None:
        raise SessionNeededError
    return login_id


OwnSession = Annotated[uuid.UUID, Depends(own_session)]


def refuse_unencrypted(request: Request) -> str:
    """The address a secret comes from. Raises UnencryptedError where others could read it."""
    here = request.client.host if request.client else ""
    if request.scope["scheme"] != "https" and not is_loopback(here):
        raise UnencryptedError
    return here


def refuse_other_sites(request: Request) -> None:
    """A page of another site cannot use or set a cookie to change something."""
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if (site is not None and site not in ("same-origin", "none")) or (
        origin is not None and origin != own
    ):
        raise NotFromHereError


@dataclass(frozen=True)
class Permit:
    """A caller who may do something, and on whose rows."""

    caller: Caller
    scope: Scope


def factor_required(request: Request, role: Role | None) -> bool:
    """Whether people of this role sign in with a second factor, as the settings say."""
    return request.app.state.settings.second_factor == "office" and role in factors.OFFICE


def may(action: Action, *, without_factor: bool = False) -> Any:
    """The dependency that lets only those in whom the policy allows the action.

    Who has to have a second factor and has none can do nothing but what is `without_factor`.
    """

    def permit(request: Request, caller: Signed) -> Permit:
        if getattr(request.state, "lacks_factor", False) and not without_factor:
            raise SecondFactorNeededError
        scope = scope_of(caller.role, action)
        if scope is None:
            raise NotAllowedError(action)
        return Permit(caller, scope)

    permit.__name__ = str(action)
    permit.action = action  # type: ignore[attr-defined]  # the matrix of routes reads it
    permit.without_factor = without_factor  # type: ignore[attr-defined]  # a test walks them
    return Depends(permit)


def seen_version(if_match: Annotated[str | None, Header()] = None) -> int | None:
    """The version of If-Match: the one that was seen, None for `*`. Raises VersionNeededError."""
    if if_match is None:
        raise VersionNeededError
    text = if_match.strip().removeprefix("W/").strip('"')
    if text == "*":
        return None
    return version_of(text)


def version_of(text: str) -> int:
    """A version as somebody says that it was seen; one that no row has for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


SeenVersion = Annotated[int | None, Depends(seen_version)]


def tag(version: int) -> str:
    """The ETag of a row's version."""
    return f'"{version}"'


class Once:
    """Lets a request with an Idempotency-Key happen once; the same one again gets its answer."""

    def __init__(
        self,
        request: Request,
        caller: Signed,
        session: Writing,
        idempotency_key: Annotated[str | None, Header(max_length=100)] = None,
    ) -> None:
        """Asked for by routes that make something."""
        self.request, self.caller, self.session = request, caller, session
        self.key = idempotency_key

    def __call__(
        self, asked: dict[str, Any], status: int, do: Callable[[], Any],
        headers: Callable[[Any], dict[str, str]] | None = None,
    ) -> JSONResponse:  # fmt: skip
        """Do it and answer, or give the answer that was given before.

        `asked` is what the request says. Raises KeyUsedDifferentlyError where the key was used
        for something else.
        """
        if self.key is None:
            return self._answer(status, do(), headers)
        text = json.dumps(asked, sort_keys=True, default=str)
        digest = hashlib.sha256(f"{self.request.url.path} {text}".encode()).hexdigest()
        assert self.caller.user_id is not None  # noqa: S101  # somebody signed in has an account
        row = models.IdempotencyKey(
            id=self.caller.new_id(), created_at=self.caller.now, user_id=self.caller.user_id,
            key=self.key, request_sha256=digest, status=status,
        )  # fmt: skip
        try:
            with self.session.begin_nested():
                self.session.add(row)
        except IntegrityError:
            return self._again(digest)
        answer = self._answer(status, do(), headers)
        kept = {"body": json.loads(bytes(answer.body)), "headers": {
            name: value for name, value in answer.headers.items() if name in ("etag", "location")
        }}  # fmt: skip
        # an answer may tell of needs: of a proposal, its points
        store.kept_answers.seal(self.session, row, kept)
        return answer

    def _answer(
        self, status: int, made: Any, headers: Callable[[Any], dict[str, str]] | None
    ) -> JSONResponse:
        body = made.model_dump(mode="json")
        return JSONResponse(body, status, headers=headers(made) if headers else None)

    def _again(self, digest: str) -> JSONResponse:
        before = self.session.exec(
            select(models.IdempotencyKey).where(
                models.IdempotencyKey.user_id == self.caller.user_id,
                models.IdempotencyKey.key == self.key,
            )
        ).one()
        if not secrets.compare_digest(before.request_sha256, digest):
            raise KeyUsedDifferentlyError
        try:
            answer = store.kept_answers.opened(self.session, before)
        except BrokenSealError:
            raise SealBrokenError("idempotency_key", before.id) from None
        return JSONResponse(answer["body"], before.status, answer["headers"])


OnlyOnce = Annotated[Once, Depends()]
