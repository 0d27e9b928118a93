"""What makes a page one for everyone, looked at where it stands."""

import itertools
from typing import Any, Literal

from playwright.sync_api import Page, expect

from tests.browsers.people import DESKTOP, FULL, NARROW

EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules that a colour scheme can break."""

RUN = """async (rules) => {
  const drawn = () => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
  for (let left = 20; left > 0; left--) {
    await drawn();
    const moving = document.getAnimations();
    if (!moving.length) break;
    for (const one of moving) try { one.finish(); } catch { /* has no end */ }
  }
  const found = await axe.run(document, {
    runOnly: rules, resultTypes: ["violations"], preload: false,
  });
  return found.violations;
}"""
"""Looks at what stands there once nothing moves any more."""

TOO_WIDE = """(width) => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > width && !one.closest(".scroll"))
  .map((one) => one.outerHTML.slice(0, 80)).slice(-3)"""

LOADING = "[hx-trigger=load], .htmx-request"


def open_everything(page: Page) -> None:
    """What is loaded afterwards is there, and what is folded is unfolded."""
    expect(page.locator(LOADING)).to_have_count(0)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def faults(page: Page) -> list[str]:
    """What somebody could not use: at a desk and at 320 px, in light and dark.

    In every run it is the desk in light with axe, and the width. WCAG 2.2 A and AA.
    """
    found = _violations(page, EVERY_RULE, "")
    if FULL:
        found += _in_scheme(page, "dark", COLOURS, "dark: ")
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > NARROW[0]:
        what = page.evaluate(TOO_WIDE, NARROW[0])
        found.append(f"{width} px wide in a window of {NARROW[0]}: {what}")
    if FULL:
        found += _violations(page, COLOURS, "narrow and dark: ")
        found += _in_scheme(page, "light", EVERY_RULE, "narrow: ")
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    return found


def _in_scheme(
    page: Page, scheme: Literal["light", "dark"], rules: dict[str, Any], where: str
) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    return _violations(page, rules, where)


def _violations(page: Page, rules: dict[str, Any], where: str) -> list[str]:
    return [
        f"{where}{one['id']}: {node['target']} {node['failureSummary']}"
        for one in page.evaluate(RUN, rules)
        for node in one["nodes"]
    ]


def is_for_everyone(page: Page, language: str) -> None:
    """The language it says, its parts, its headings, no violation, no wider than the window."""
    said = page.locator("html").get_attribute("lang")
    assert said == language, f"it is in {said}"
    is_built_well(page)
    open_everything(page)
    found = faults(page)
    assert not found, "\n".join(found)


def is_built_well(page: Page) -> None:
    """One main part, one first heading, headings without a gap, as readers of screens expect."""
    for role in ("main", "banner", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
    )
    assert levels.count(1) == levels[0] == 1, f"headings {levels}"
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels)), f"headings {levels}"
