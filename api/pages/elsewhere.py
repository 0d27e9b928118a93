"""Signing in with an account elsewhere: to the provider, and back."""

import hmac
from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.browser import browser_of, give_identity_cookie, keep, take_identity_cookie
from api.database import transaction
from api.edge import IDENTITY_COOKIE, Anonymous, refuse_unencrypted
from api.errors import IdentityRefusedError, NoSuchProviderError, ProviderSilentError
from api.oidc import Client, Identity, RefusedError, derived
from api.pages.frame import Form, go_to, show
from api.pages.letters import with_secret
from api.pages.sign_in import own_path, way_on
from api.services import identities
from api.throttle import Tried

LOG = structlog.get_logger(__name__)

router = APIRouter(prefix="/sign-in")


@router.post("/with/{provider}")
def go_there(request: Request, provider: str, form: Form, caller: Anonymous) -> Response:
    """Go to the provider; with the secret of an invitation the account there is linked.

    By a page with a link, since the answer to a form of ours may lead to our own pages alone.
    """
    here = refuse_unencrypted(request)
    request.app.state.throttle.check(Tried.OPEN_FROM_ADDRESS, here)
    client = _client(request, provider)
    leads_to, invitation = own_path(str(form.get("next", ""))), with_secret(form)["secret"]
    with transaction(request.app.state.engine) as session:
        secret = identities.begin(session, caller, provider, leads_to, invitation)
    try:
        address = client.address(secret, _back(request, provider), caller.now)
    except RefusedError as error:
        LOG.warning("oidc.silent", why=error.why, request=request.state.request_id)
        raise ProviderSilentError(client.name) from None
    answer = show(request, "elsewhere.html", provider=client.name, address=address)
    answer.headers["Refresh"] = f"0; url={address}"
    give_identity_cookie(answer, secret)
    return answer


@router.get("/back/{provider}")
def come_back(
    request: Request, provider: str, caller: Anonymous,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    iss: Annotated[str, Query(max_length=500)] = "",
) -> Response:  # fmt: skip
    """Come back from the provider, and sign in.

    What was asked for is used up first; the provider is asked outside of any transaction.
    """
    here = refuse_unencrypted(request)
    request.app.state.throttle.check(Tried.SIGN_IN_FROM_ADDRESS, here)
    client, engine = _client(request, provider), request.app.state.engine
    secret = request.cookies.get(IDENTITY_COOKIE, "")
    if not secret or not hmac.compare_digest(state.encode(), derived(secret, "state").encode()):
        raise IdentityRefusedError("over")
    with transaction(engine) as session:
        asked = identities.take(session, caller, provider, secret)
    if not code:
        raise IdentityRefusedError("cancelled")
    identity = _identity(request, client, provider, secret, {"code": code, "iss": iss}, caller)
    with transaction(engine) as session:
        opened = identities.finish(
            session, caller, identity, asked, browser_of(request), client.name
        )
    answer = go_to(request, way_on(opened, asked.leads_to))
    keep(answer, opened)
    take_identity_cookie(answer)
    return answer


def _identity(
    request: Request, client: Client, provider: str, secret: str, given: Mapping[str, str],
    caller: Anonymous,
) -> Identity:  # fmt: skip
    try:
        if given["iss"] and given["iss"] != client.issuer:  # RFC 9207
            raise RefusedError("mixed_up")
        return client.identify(secret, given["code"], _back(request, provider), caller.now)
    except RefusedError as error:
        LOG.warning("oidc.refused", why=error.why, request=request.state.request_id)
        raise IdentityRefusedError("unproven") from None


def _client(request: Request, provider: str) -> Client:
    found: Client | None = request.app.state.providers.get(provider)
    if found is None:
        raise NoSuchProviderError
    return found


def _back(request: Request, provider: str) -> str:
    """Where the provider sends people back to; it knows this address and no other."""
    return f"{request.app.state.settings.address.rstrip('/')}/sign-in/back/{provider}"
