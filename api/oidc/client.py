"""One identity provider as we talk to it: authorization code with PKCE, state and nonce.

State, nonce and verifier are worked out of one secret that the browser keeps in a cookie, so
that an answer fits nobody else's browser, and that nothing of them is stored.
"""

import base64
import datetime
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""How an id token may be signed: never with a shared secret, never not at all."""

LEEWAY = 30
"""So many seconds the clocks of provider and service may differ."""

SECONDS = 5.0
"""So long the provider may take for an answer."""

KNOWN_FOR = datetime.timedelta(hours=1)
"""So long what the provider says of itself is not asked again."""

LONGEST_SUBJECT = 255
"""Characters of a subject (OpenID Connect Core 1.0, 2)."""


class RefusedError(Exception):
    """The provider's answer proves nothing. `why` is a word for the log, without personal data."""

    def __init__(self, why: str) -> None:
        """A word."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Identity:
    """Somebody as the provider knows them; `second`: it asked for a second factor itself."""

    issuer: str
    subject: str
    second: bool


def derived(secret: str, what: str) -> str:
    """One of the values that belong to a secret: 43 characters."""
    mac = hmac.digest(secret.encode("utf-8", "surrogatepass"), what.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


@dataclass
class Client:
    """What is known of a provider, and what it said of itself: its addresses and keys."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "openid"
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()
    _said: tuple[datetime.datetime, dict[str, Any]] | None = field(default=None, repr=False)
    _keys: Any = field(default=None, repr=False)

    def address(self, secret: str, back: str, now: datetime.datetime) -> str:
        """Where the browser is sent to; `back` is where it comes back. Raises RefusedError."""
        endpoint = self._metadata(now)["authorization_endpoint"]
        with self._http(back) as http:
            address, _ = http.create_authorization_url(
                endpoint, state=derived(secret, "state"), nonce=derived(secret, "nonce"),
                code_verifier=derived(secret, "verifier"),
            )  # fmt: skip
        return str(address)

    def identify(self, secret: str, code: str, back: str, now: datetime.datetime) -> Identity:
        """Who came back with this code. Raises RefusedError."""
        import httpx
        from authlib.common.errors import AuthlibBaseError

        endpoint = self._metadata(now)["token_endpoint"]
        try:
            with self._http(back) as http:
                given = http.fetch_token(
                    endpoint, grant_type="authorization_code", code=code,
                    code_verifier=derived(secret, "verifier"),
                )  # fmt: skip
        except (httpx.HTTPError, AuthlibBaseError, ValueError) as error:
            raise RefusedError(f"token_{type(error).__name__}") from None
        token = given.get("id_token")
        if not isinstance(token, str):
            raise RefusedError("no_id_token")
        claims = self._claims(token, derived(secret, "nonce"), str(given["access_token"]), now)
        amr, acr = claims.get("amr"), claims.get("acr")
        words = {one for one in amr if isinstance(one, str)} if isinstance(amr, list) else set()
        second = bool(words & self.amr) or (isinstance(acr, str) and acr in self.acr)
        return Identity(self.issuer, claims["sub"], second)

    def _claims(
        self, token: str, nonce: str, access_token: str, now: datetime.datetime
    ) -> dict[str, Any]:
        """What the id token says, once everything about it is right. Raises RefusedError."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        read = self._decoded(token, now)
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        params = {"nonce": nonce, "client_id": self.client_id, "access_token": access_token}
        try:
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, TypeError, ValueError) as error:
            raise RefusedError(f"claims_{type(error).__name__}") from None
        audience, subject = read.claims["aud"], read.claims["sub"]
        if isinstance(audience, list) and len(audience) > 1 and "azp" not in read.claims:
            raise RefusedError("claims_azp")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise RefusedError("claims_sub")
        return dict(read.claims)

    def _decoded(self, token: str, now: datetime.datetime) -> Any:
        """The token, if a key of the provider signed it; its keys are asked for once more."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        known = self._keys is not None
        for keys in (self._keys, None) if known else (None,):
            try:
                return jwt.decode(token, keys or self._fetch_keys(now), algorithms=ALGORITHMS)
            except (JoseError, ValueError, TypeError, KeyError) as error:
                why = type(error).__name__
        raise RefusedError(f"signature_{why}")

    def _fetch_keys(self, now: datetime.datetime) -> Any:
        from joserfc.jwk import KeySet

        self._keys = KeySet.import_key_set(self._get(self._metadata(now)["jwks_uri"]))
        return self._keys

    def _metadata(self, now: datetime.datetime) -> dict[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        if self._said is None or self._said[0] <= now - KNOWN_FOR:
            said = self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if said.get("issuer") != self.issuer:
                raise RefusedError("other_issuer")
            scheme = urlsplit(self.issuer).scheme
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if urlsplit(str(said.get(name, ""))).scheme not in {"https", scheme}:
                    raise RefusedError(f"no_{name}")
            self._said = now, said
        return self._said[1]

    def _get(self, address: str) -> Any:
        import httpx

        try:
            answer = httpx.get(address, timeout=SECONDS, follow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise RefusedError(f"unreachable_{type(error).__name__}") from None
        if not isinstance(found, dict):
            raise RefusedError("unreadable")
        return found

    def _http(self, back: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        method = "client_secret_basic" if self.client_secret else "none"
        return OAuth2Client(
            client_id=self.client_id, client_secret=self.client_secret or None,
            token_endpoint_auth_method=method, scope=self.scope, redirect_uri=back,
            code_challenge_method="S256", timeout=SECONDS, follow_redirects=False,
        )  # fmt: skip
