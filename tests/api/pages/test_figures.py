"""The map and the figures: what people read, and what they take with them."""

import csv
import io
import re
import xml.etree.ElementTree as ET

import pytest
from sqlalchemy import Engine

from api.edge import LANGUAGE_COOKIE
from api.pages.pictures import bars, flow_map, outlines
from api.pages.pictures.flow_map import Arrow, Stop
from api.pages.pictures.outlines import Frame
from api.pages.pictures.projection import project
from matcher.vocabulary import LANGUAGES
from tests.api.alliance import Alliance
from tests.api.decided import placed
from tests.api.roles import a_proposal
from tests.api.roles.decisions import asked

STOPS = (
    Stop("es", "Castilla y León", -4.73, 41.65), Stop("pt", "Portugal", -9.14, 38.72),
    Stop("fi", "Savonlinna", 28.88, 61.87), Stop("de", "Paderborn", 8.75, 51.72),
    Stop("pl", "Lublin", 22.57, 51.25), Stop("near", "Bielefeld", 8.53, 52.02),
)  # fmt: skip

SQUARES = {
    "transform": {"scale": [0.01, 0.01], "translate": [0, 40]},
    "arcs": [
        [[1000, 0], [0, 1000]],
        [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
        [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
    ],
    "objects": {"countries": {"geometries": [
        {"type": "Polygon", "arcs": [[0, 1]]},
        {"type": "MultiPolygon", "arcs": [[[~0, 2]]]},
        {"type": "GeometryCollection"},
    ]}},
}  # fmt: skip
"""Two countries side by side, that share an arc: from 0 to 10 and 10 to 20 degrees east."""


@pytest.fixture
def alliance(database: Engine) -> Alliance:
    return Alliance(database)


def test_a_place_lies_where_the_guidance_note_says() -> None:
    """IOGP Guidance Note 7-2 has this point as its example: 50 N, 5 E in EPSG:3035."""
    assert project(5, 50) == pytest.approx((3_962_799.45, 2_999_718.85), abs=0.01)
    assert project(10, 52) == pytest.approx((4_321_000, 3_210_000))


def test_countries_that_share_a_border_have_the_same_line_there() -> None:
    frame = Frame(3_000_000, 4_000_000, 2_500, 1000, 1000)
    west, east = outlines.path_of(SQUARES, frame).split("z")[:2]
    border = {tuple(round(part) for part in frame.place(10, north)) for north in (40, 50)}
    for path in (west, east):
        assert border <= set(points(path)), path
    sizes = [outlines._area([(float(x), float(y)) for x, y in points(path)])
             for path in (west, east)]  # fmt: skip
    assert sizes[0] == pytest.approx(sizes[1], rel=0.02)  # an equal-area map


def points(path: str) -> list[tuple[int, int]]:
    """The corners of a path that was written as steps."""
    numbers = [int(one) for one in re.findall(r"-?\d+", path)]
    x = y = 0
    found = []
    for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + step_x, y + step_y
        found.append((x, y))
    return found


def test_land_is_cut_beyond_the_edge_of_the_picture() -> None:
    frame = Frame(4_000_000, 3_000_000, 500, 600, 400)
    found = points(outlines.path_of(SQUARES, frame))
    assert {x for x, _ in found} >= {-12, 612}
    assert all(-12 <= x <= 612 and -12 <= y <= 412 for x, y in found)


def test_a_line_is_smoothed_between_its_ends() -> None:
    line = [(0.0, 0.0), (1.0, 0.1), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]
    assert outlines.smooth(line, 0.8) == [(0.0, 0.0), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]


def test_names_and_dots_of_regions_do_not_cover_each_other() -> None:
    arrows = [Arrow("es", "de", 20, True, "20", ""), Arrow("de", "es", 12, True, "12", "")]
    frame, parts = flow_map.draw(STOPS, arrows)
    rooms = []
    for x, y, anchor, words in re.findall(
        r'<text x="(-?\d+)" y="(-?\d+)" class="name" text-anchor="(\w+)">([^<]+)', "".join(parts)
    ):
        wide = len(words) * flow_map.LETTER
        left = int(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        top = int(y) - flow_map.LINE * 0.75
        rooms.append(flow_map.Room(left, top, left + wide, top + flow_map.LINE))
        assert left >= 0
        assert left + wide <= frame.width
    assert len(rooms) == len(STOPS)
    assert not any(a.overlap(b) > 2 for a in rooms for b in rooms if a is not b)
    for stop in STOPS:
        x, y = frame.place(stop.longitude, stop.latitude)
        assert not any(r.left < x < r.right and r.top < y < r.bottom for r in rooms)


def test_an_arrow_is_as_wide_as_people_go_and_dashed_while_nobody_is_placed() -> None:
    arrows = [
        Arrow("es", "de", 20, True, "20", ""), Arrow("pl", "de", 10, True, "10", ""),
        Arrow("fi", "de", 5, False, "5", ""),
    ]  # fmt: skip
    _, parts = flow_map.draw(STOPS, arrows)
    found = re.findall(r'<g class="([^"]+)">.*?stroke-width="([\d.]+)"', "".join(parts))
    assert sorted(found) == [("flow", "18.0"), ("flow", "9.0"), ("flow maybe", "4.5")]


@pytest.mark.parametrize(("most", "step"), [(0, 1), (6, 1), (7, 2), (30, 5), (31, 10), (99, 20)])
def test_a_scale_has_few_round_steps(most: int, step: int) -> None:
    assert bars.step_of(most) == step


def test_a_coordinator_reads_the_same_in_picture_table_and_file(alliance: Alliance) -> None:
    placed(alliance)
    browser = alliance.browser("sending")
    html = browser.get("/figures").text
    assert "From Savonlinna to Paderborn: 1 placed, 0 being asked, 0 proposed." in html
    assert re.search(r"<th scope=\"row\">Savonlinna</th><td>Paderborn</td>", html)
    table = browser.get("/figures/flows.csv?call=2027")
    assert table.headers["content-disposition"] == 'attachment; filename="flows.csv"'
    assert list(csv.reader(io.StringIO(table.text.removeprefix("\ufeff")))) == [
        ["From region", "To region", "Placed", "Being asked", "Proposed"],
        ["Savonlinna", "Paderborn", "1", "0", "0"],
    ]  # fmt: skip
    balance = browser.get("/figures/balance.csv?call=2027").text
    assert "Savonlinna,1,0,'-1\r\n" in balance
    stranger = alliance.browser("stranger").get("/figures.csv".replace(".csv", "/flows.csv")).text
    assert "Savonlinna,Paderborn,1–4,0,0" in stranger


@pytest.mark.parametrize("name", ["flows", "balance", "months"])
def test_a_picture_is_a_whole_file_with_words_and_styles(alliance: Alliance, name: str) -> None:
    placed(alliance)
    answer = alliance.browser("sending").get(f"/figures/{name}.svg?call=2027")
    assert answer.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(answer.text)  # noqa: S314  # our own
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert "Spring 2027" in (root.findtext(f"{space}title") or "")
    assert root.findtext(f"{space}desc")
    assert ".picture" in (root.findtext(f"{space}style") or "")
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_the_map_says_when_outlines_are_missing(
    alliance: Alliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = alliance.browser("sending")
    monkeypatch.setattr(outlines, "FILE", "nowhere.json")
    for function in (outlines._topology, outlines.land):
        function.cache_clear()
    html = browser.get("/figures").text
    outlines._topology.cache_clear()
    outlines.land.cache_clear()
    assert "The outlines of the countries are missing" in html
    assert ">Paderborn</text>" in html


def test_without_a_call_the_page_says_what_comes_first(database: Engine) -> None:
    alliance = Alliance(database)
    browser = alliance.browser("admin")
    with database.begin() as connection:
        for table in ("enrolment", "funded_places", "call"):
            connection.exec_driver_sql(f'DELETE FROM "{table}"')
    assert "There is no call yet" in browser.get("/figures").text
    assert browser.get("/figures/flows.svg").status_code == 404
    assert browser.get("/figures?call=other").status_code == 404


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_figures_are_there_in_each_language(alliance: Alliance, code: str) -> None:
    browser = alliance.browser("sending")
    browser.cookies.set(LANGUAGE_COOKIE, code)
    answer = browser.get("/figures")
    assert answer.status_code == 200
    assert f'<html lang="{code}"' in answer.text
    assert not re.search(r"<style|style=", answer.text)


def test_before_the_first_yes_the_map_shows_what_is_proposed_to_who_sees_it(
    alliance: Alliance,
) -> None:
    a_proposal(alliance)
    html = alliance.browser("sending").get("/figures").text
    assert 'class="flow idea"' in html
    assert "From Savonlinna to Paderborn: 0 placed, 0 being asked, 1 proposed." in html
    assert "proposed only, nobody is asked yet" in html
    rows = list(csv.reader(io.StringIO(alliance.browser("sending").get("/figures/flows.csv").text)))
    assert rows[1] == ["Savonlinna", "Paderborn", "0", "0", "1"]
    for who in ("hosting", "stranger", "admin"):
        html = alliance.browser(who).get("/figures").text
        assert 'class="flow' not in html
        assert "The map fills as soon as coordinators have said yes" in html
        assert alliance.browser(who).get("/figures/flows.csv").text.count("Paderborn") == 0


def test_who_is_asked_is_not_proposed_as_well(alliance: Alliance) -> None:
    asked(alliance)
    html = alliance.browser("sending").get("/figures").text
    assert "From Savonlinna to Paderborn: 0 placed, 1 being asked, 0 proposed." in html
    assert 'class="flow maybe"' in html
