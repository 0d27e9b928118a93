"""Style sheets, scripts and pictures of the pages, at addresses that change with their content.

Ours stand in `static`; `make packages` fills `packages` with those of others
(docs/decisions/0020-front-end-packages.md). All are read once, when the service starts.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from starlette.exceptions import HTTPException

from api.errors import PagesIncompleteError

STATIC = Path(__file__).parent / "static"
PACKAGES = Path(__file__).parent / "packages"

FROM_PACKAGES = ("designsystemet.css", "theme.css", "htmx.min.js")
"""Without these no page is shown."""

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served, by the end of its name. The folders hold more: licences, outlines of maps."""

FOREVER = "public, max-age=31536000, immutable"
"""An address stands for one content, so whoever has it need not ask again (RFC 8246)."""

URL = re.compile(r"""url\(\s*(["']?)(?!["']|data:|#)([^"')]+)\1\s*\)""")
"""Where a style sheet names another file; pictures that stand in it are left alone."""


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: as it is, and packed where that is shorter."""

    kind: str
    body: bytes
    packed: bytes | None


@dataclass(frozen=True)
class Assets:
    """The files by the last part of their addresses, and the addresses by plain name."""

    by_address: Mapping[str, Asset]
    addresses: Mapping[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """What has not been fetched, of what every page needs."""
        return tuple(name for name in FROM_PACKAGES if name not in self.addresses)

    def address_of(self, name: str) -> str:
        """Where a template links to, for `layout.css` for instance.

        Raises PagesIncompleteError if it has not been fetched, KeyError for an unknown name.
        """
        if name in self.missing:
            raise PagesIncompleteError(self.missing)
        return self.addresses[name]


def gather(*folders: Path) -> Assets:
    """The files of the folders; one that is not there counts as empty.

    Style sheets come last: the addresses of the files that they name are written into them.
    Raises ValueError for a name that stands twice, or that a style sheet names in vain.
    """
    paths = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    served = sorted(
        (path for path in paths if path.suffix in KINDS), key=lambda p: (p.suffix == ".css", p.name)
    )
    by_address: dict[str, Asset] = {}
    addresses: dict[str, str] = {}
    for path in served:
        if path.name in addresses:
            raise ValueError(f"{path.name}: stands in two folders of the pages")
        body = path.read_bytes()
        if path.suffix == ".css":
            body = _resolved(path.name, body, addresses)
        digest = hashlib.sha256(body).hexdigest()[:8]
        address = f"{path.stem}.{digest}{path.suffix}"
        packed = gzip.compress(body, 9, mtime=0)
        shorter = packed if len(packed) < len(body) else None
        by_address[address] = Asset(KINDS[path.suffix], body, shorter)
        addresses[path.name] = f"/assets/{address}"
    return Assets(by_address, addresses)


@cache
def shipped() -> Assets:
    """Those of this release, read once for the process."""
    return gather(STATIC, PACKAGES)


def _resolved(name: str, sheet: bytes, addresses: Mapping[str, str]) -> bytes:
    def address(found: re.Match[str]) -> str:
        if found[2] not in addresses:
            raise ValueError(f"{name}: names {found[2]}, which is not served")
        return f"url({addresses[found[2]]})"

    return URL.sub(address, sheet.decode()).encode()


router = APIRouter(include_in_schema=False)


@router.api_route("/assets/{name}", methods=["GET", "HEAD"])
async def asset(
    request: Request, name: str, accept_encoding: Annotated[str, Header()] = ""
) -> Response:
    """One file; an address of another release is not found."""
    assets: Assets = request.app.state.assets
    found = assets.by_address.get(name)
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if found.packed is not None and takes_gzip(accept_encoding):
        headers["Content-Encoding"] = "gzip"
        return Response(found.packed, headers=headers, media_type=found.kind)
    return Response(found.body, headers=headers, media_type=found.kind)


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110, 12.5.3); `gzip;q=0` does not."""
    for offer in accepted.lower().replace(" ", "").split(","):
        coding, _, weight = offer.partition(";q=")
        if coding == "gzip":
            return not weight or bool(weight.strip("0."))
    return False
