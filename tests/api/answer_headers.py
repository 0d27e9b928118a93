"""What answers have to tell browsers, written down once more: by what kind of answer it is."""

from httpx2 import Response

FOREVER = "public, max-age=31536000, immutable"

NOTHING = {
    "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'",
    "frame-ancestors": "'none'",
}  # fmt: skip
FILE = NOTHING | {"sandbox": ""}
STYLED = FILE | {"style-src": "'unsafe-inline'"}
PAGE = NOTHING | dict.fromkeys(
    ("script-src", "style-src", "font-src", "connect-src", "form-action"), "'self'"
)
PAGE |= {"img-src": "'self' data:"}

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(),"
        " magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"
    ),
}


def policy_of(answer: Response) -> dict[str, str]:
    """Its Content-Security-Policy, by directive."""
    parts = answer.headers.get("content-security-policy", "").split(";")
    return dict(part.strip().partition(" ")[::2] for part in parts)


def expected(answer: Response) -> tuple[dict[str, str], str, str]:
    """Policy, Cache-Control and Referrer-Policy of an answer of its kind."""
    path, kind = answer.request.url.path, answer.headers.get("content-type", "")
    is_asset = path.startswith("/assets/") and answer.is_success
    if path.endswith((".svg", "/export.html")) and answer.is_success and not is_asset:
        return STYLED, "no-store", "no-referrer"
    if kind.startswith("text/html"):
        return PAGE, "no-store", "same-origin"  # else forms come from nowhere
    return FILE, FOREVER if is_asset else "no-store", "no-referrer"


def wrong(answer: Response) -> dict[str, object]:
    """The headers that are not as they should be, by name."""
    policy, cached, referrer = expected(answer)
    wanted = ALWAYS | {"cache-control": cached, "referrer-policy": referrer}
    found: dict[str, object] = {
        name: answer.headers.get_list(name)
        for name, value in wanted.items()
        if answer.headers.get_list(name) != [value]
    }
    if policy_of(answer) != policy:
        found["content-security-policy"] = answer.headers.get_list("content-security-policy")
    if len(answer.headers.get("x-request-id", "")) != 16:
        found["x-request-id"] = answer.headers.get_list("x-request-id")
    return found
