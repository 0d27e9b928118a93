"""What every picture has: size, title, words for who does not see it, and how it stands alone."""

from dataclasses import dataclass
from functools import cache
from html import escape

from api.pages.assets import STATIC

STYLES = "figures.css"
"""The colours: of the page where there are some, else those of paper."""


@dataclass(frozen=True)
class Picture:
    """A picture: `name` tells its parts from those of other pictures on the same page."""

    name: str
    width: int
    height: int
    title: str
    said: str
    parts: tuple[str, ...]

    def on_page(self) -> str:
        """The picture as a part of a page, which has the styles."""
        return self._written("")

    def alone(self) -> str:
        """The picture as a file."""
        paper = f'<rect class="paper" width="{self.width}" height="{self.height}"/>'
        return self._written(f"<style>{styles()}</style>{paper}") + "\n"

    def _written(self, before: str) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="{self.width}"'
            f' height="{self.height}" viewBox="0 0 {self.width} {self.height}" role="img"'
            f' aria-labelledby="{self.name}-title {self.name}-said">'
            f'<title id="{self.name}-title">{escape(self.title)}</title>'
            f'<desc id="{self.name}-said">{escape(self.said)}</desc>'
            f"{before}{''.join(self.parts)}</svg>"
        )


@cache
def styles() -> str:
    """The rules of pictures."""
    return (STATIC / STYLES).read_text(encoding="utf-8")


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A line of text."""
    where = f'x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}"'
    return f"<text {where}>{escape(words)}</text>"


def box(x: float, y: float, width: float, height: float, fill: str, told: str = "") -> str:
    """A box in one of the fills; `told` is what it says when it is pointed at."""
    title = f"<title>{escape(told)}</title>" if told else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f" {fill}>{title}</rect>"
    )


def patterns(name: str) -> str:
    """Five fills that differ by their pattern as well as by their colour."""
    marks = (
        "",
        '<path d="M0 8L8 0" class="on"/>',
        '<circle cx="4" cy="4" r="1.8" class="on dot"/>',
        '<path d="M0 4H8" class="on"/>',
        '<path d="M0 4H8M4 0V8" class="on"/>',
    )
    return "<defs>" + "".join(
        f'<pattern id="{name}-fill-{n}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" class="fill-{n}"/>{mark}</pattern>'
        for n, mark in enumerate(marks)
    ) + "</defs>"  # fmt: skip


def fill(name: str, n: int) -> str:
    """The attribute of one of the five fills."""
    return f'fill="url(#{name}-fill-{n})" class="edged"'
