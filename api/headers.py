"""What answers tell browsers, in one place: what they may do with what they got.

Every answer has `COMMON`, unless it says one of them itself (`api.middleware`).
"""

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
"""A page: nothing but our own files, nothing inline, no frame around us (CSP level 3)."""

FILE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""Anything else, which is read by programs or saved: it loads and runs nothing when opened."""

STYLED = f"{FILE}; style-src 'unsafe-inline'"
"""What brings its own style along: a picture, an export to be read."""

UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
"""What no page of ours ever asks a device for (Permissions Policy)."""

COMMON = {
    "cache-control": "no-store",
    "content-security-policy": FILE,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of every answer: pages, problems, files, redirections. `no-store` since most are personal."""

HTTPS_ONLY = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
"""Of answers over https, where the service has an https address: for a year no browser comes by
plain http (RFC 6797, which forbids to say so over http)."""
