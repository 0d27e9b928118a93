"""Style sheets, scripts and pictures: their addresses, their headers, what is not there."""

import gzip
import hashlib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from api.errors import PagesIncompleteError
from api.main import create_app
from api.pages import assets
from api.pages.assets import Assets, gather

SHEET = "body { background: url(mark.svg) }\n" * 20
MARK = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "layout.css").write_text(SHEET)
    (tmp_path / "mark.svg").write_text(MARK)
    (tmp_path / "app.js").write_text("alert(1)")
    (tmp_path / "LICENSES.txt").write_text("Do as you like.")
    return tmp_path


APP = create_app(create_engine("sqlite://"))


def client_with(given: Assets) -> TestClient:
    APP.state.assets = given
    return TestClient(APP)


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]


def test_an_address_holds_the_hash_of_the_content_and_the_old_one_is_gone(folder: Path) -> None:
    before = gather(folder).address_of("app.js")
    assert before == f"/assets/app.{hash_of(b'alert(1)')}.js"
    (folder / "app.js").write_text("alert(2)")
    after = gather(folder)
    client = client_with(after)
    assert client.get(after.address_of("app.js")).text == "alert(2)"
    assert client.get(before).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("layout.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_asset_may_be_kept_for_a_year_and_is_what_it_says(
    folder: Path, name: str, kind: str, method: str
) -> None:
    given = gather(folder)
    answer = client_with(given).request(method, given.address_of(name))
    assert answer.status_code == 200
    assert answer.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
    assert answer.headers["content-type"] == kind
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert len(answer.headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True), ("br, GZIP;q=0.5, *;q=0", True), ("deflate , gzip", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("xgzip", False),
    ],
)  # fmt: skip
def test_it_is_packed_for_those_who_take_it_packed(
    folder: Path, accepted: str, packed: bool
) -> None:
    given = gather(folder)
    address = given.address_of("layout.css")
    answer = client_with(given).get(address, headers={"Accept-Encoding": accepted})
    body = SHEET.replace("mark.svg", given.address_of("mark.svg")).encode()
    sent = gzip.compress(body, 9, mtime=0) if packed else body
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert answer.headers["content-length"] == str(len(sent))
    assert answer.content == body


def test_what_grows_when_packed_is_sent_as_it_is(folder: Path) -> None:
    given = gather(folder)
    answer = client_with(given).get(given.address_of("app.js"), headers={"Accept-Encoding": "gzip"})
    assert (answer.headers.get("content-encoding"), answer.text) == (None, "alert(1)")


def test_what_a_style_sheet_names_leads_to_the_address_of_it(folder: Path) -> None:
    kept = "a { mask: url(\"data:image/svg+xml,%3Csvg%3E\"), url('#clip'), url(data:x) }"
    (folder / "layout.css").write_text(f"b {{ mask: url( 'mark.svg' ) }} {kept}")
    given = gather(folder)
    client = client_with(given)
    mark = f"/assets/mark.{hash_of(MARK.encode())}.svg"
    sheet = client.get(given.address_of("layout.css")).text
    assert sheet == f"b {{ mask: url({mark}) }} {kept}"
    assert client.get(mark).text == MARK


def test_a_new_picture_gives_the_style_sheet_a_new_address(folder: Path) -> None:
    before = gather(folder).address_of("layout.css")
    (folder / "mark.svg").write_text(f"{MARK}<!-- drawn anew -->")
    assert gather(folder).address_of("layout.css") != before


def test_a_style_sheet_that_names_what_is_not_there_is_refused(folder: Path) -> None:
    (folder / "mark.svg").unlink()
    with pytest.raises(ValueError, match=r"layout\.css: names mark\.svg, which is not served"):
        gather(folder)


def test_a_name_in_both_folders_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "app.js").write_text("alert(3)")
    with pytest.raises(ValueError, match=r"app\.js: stands in two folders"):
        gather(folder, other)


@pytest.mark.parametrize(
    "path", ["app.js", "app.00000000.js", "LICENSES.txt", "%2e%2e%2fassets.py", ""]
)
def test_anything_else_is_not_found_and_not_kept(folder: Path, path: str) -> None:
    answer = client_with(gather(folder)).get(f"/assets/{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:doallvet:no-such-page")
    assert answer.headers.get_list("cache-control") == ["no-store"]


def test_without_the_packages_the_api_answers_and_pages_say_what_to_run(folder: Path) -> None:
    given = gather(folder, folder / "packages")
    assert given.missing == ("designsystemet.css", "theme.css", "htmx.min.js")
    with pytest.raises(PagesIncompleteError, match=r"theme\.css.* missing.*`make serve`") as error:
        given.address_of("theme.css")
    assert (error.value.status, error.value.kind) == (503, "pages-incomplete")
    assert given.address_of("app.js").startswith("/assets/app.")
    with pytest.raises(KeyError):
        given.address_of("nothing.css")
    assert client_with(given).get("/health/live").json() == {"status": "live"}


def test_what_is_shipped_holds_all_that_pages_need() -> None:
    shipped = assets.shipped()
    assert shipped.missing == (), "run `make packages` first"
    client = client_with(shipped)
    for name, address in shipped.addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        assert hash_of(answer.content) == address.split(".")[-2], name


def test_style_and_script_of_every_page_stay_small() -> None:
    shipped = assets.shipped()
    names = (*assets.FROM_PACKAGES, "layout.css")
    packed = [
        shipped.by_address[shipped.address_of(name).removeprefix("/assets/")].packed
        for name in names
    ]
    assert sum(len(one) for one in packed if one is not None) < 50_000
