"""A small identity provider on a port of this machine, with what it may get wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.api.alliance import NOW

CLIENT, SECRET = "doallvet", "s3cret of the client"


class Provider:
    """Answers discovery, keys and tokens; `claims` replace those of the next id tokens."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {}
        self.asked: list[str] = []
        self.algorithm, self.forged, self.issuer_said = "RS256", None, ""
        self.keys: list[Any] = []
        self.rotate()
        handler = type("Handler", (_Handler,), {"provider": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    forged: Any

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def rotate(self, kind: str = "RSA") -> None:
        """Sign with a new key from now on; the old one is not shown any more."""
        options = {"kid": secrets.token_hex(4), "use": "sig"}
        self.keys = [
            RSAKey.generate_key(2048, options) if kind == "RSA"
            else ECKey.generate_key("P-256", options)
        ]  # fmt: skip
        self.algorithm = "RS256" if kind == "RSA" else "ES256"

    def signed_in(self, address: str, subject: str, **said: Any) -> dict[str, str]:
        """Somebody signs in at the address where the service sent them: the way back.

        `said` are more claims.
        """
        query = {name: one[0] for name, one in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = query | {"sub": subject, "said": json.dumps(said)}
        return {"code": code, "state": query["state"], "iss": self.issuer}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """What the token endpoint gives; None where it refuses."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or authorization != f"Basic {basic}":
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(NOW.timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": asked["sub"], "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, "email": "aino@example.org", "email_verified": True,
        } | json.loads(asked["said"]) | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.forged == "none":
            return _by_hand({"alg": "none"}, claims, None)
        key = self.keys[0]
        header = {"alg": self.algorithm, "kid": key.kid}
        if self.forged == "secret":  # the client's secret as a key that both have
            return _by_hand({"alg": "HS256"}, claims, SECRET.encode())
        if self.forged == "public":  # the public key taken for such a one
            return _by_hand({"alg": "HS256", "kid": key.kid}, claims, key.as_pem(private=False))
        if self.forged == "other":
            key = RSAKey.generate_key(2048, {"kid": key.kid})
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])


def _by_hand(header: dict[str, Any], claims: dict[str, Any], key: bytes | None) -> str:
    """A token as libraries refuse to make it."""
    texts = [json.dumps(one).encode() for one in (header, claims)]
    signed = b".".join(base64.urlsafe_b64encode(text).rstrip(b"=") for text in texts)
    mac = hmac.digest(key, signed, "sha256") if key else b""
    return (signed + b"." + base64.urlsafe_b64encode(mac).rstrip(b"=")).decode()


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        at = self.provider
        at.asked.append(self.path)
        if self.path == "/realm/.well-known/openid-configuration":
            self._answer({
                "issuer": at.issuer_said or at.issuer,
                "authorization_endpoint": f"{at.issuer}/authorize",
                "token_endpoint": f"{at.issuer}/token", "jwks_uri": f"{at.issuer}/keys",
            })  # fmt: skip
        elif self.path == "/realm/keys":
            self._answer(KeySet(at.keys).as_dict(private=False))
        else:
            self._answer({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: one[0] for name, one in parse_qs(body).items()}
        given = self.provider.token(form, self.headers.get("Authorization", ""))
        self._answer(given or {"error": "invalid_grant"}, 200 if given else 400)

    def _answer(self, content: Any, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
