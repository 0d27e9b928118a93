"""A round on the terminal: who goes where and why, who stays and what would change that."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.language import ENGLISH
from api.sentences import Speaker, ordinal
from matcher.problem import Problem
from matcher.result import (
    Certificate,
    Explanation,
    IdleOffer,
    Proposal,
    Result,
    Unmatched,
)

SHOWN_PER_REGION = 4
SHOWN_UNMATCHED = 8
SHOWN_IDLE = 5


@dataclass(frozen=True)
class Names:
    """How people, offers and regions are called; ids where nothing else is known."""

    apprentices: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)

    def apprentice(self, identity: str) -> str:
        """The name of an apprentice."""
        return self.apprentices.get(identity, identity)

    def offer(self, identity: str) -> str:
        """The name of an offer."""
        return self.offers.get(identity, identity)

    def region(self, identity: str) -> str:
        """The name of a region."""
        return self.regions.get(identity, identity)


class Printer:
    """Prints one result. `everything` prints all rows instead of the first of each group."""

    def __init__(
        self,
        console: Console,
        problem: Problem,
        result: Result,
        names: Names,
        *,
        everything: bool = False,
    ) -> None:
        """Keep what is printed and where."""
        self.console = console
        self.problem = problem
        self.result = result
        self.names = names
        self.everything = everything
        self.speaker = Speaker(problem.facts())

    def print_all(self) -> None:
        """The whole round, the certificate last."""
        self._proposals()
        self._unmatched()
        self._idle_offers()
        self._certificate(self.result.certificate)

    def _heading(self, text: str) -> None:
        self.console.print()
        self.console.rule(Text(text, style="bold"), align="left", style="dim")

    def _below(self, text: str, style: str = "") -> None:
        self.console.print(Padding(Text(text, style=style), (0, 0, 0, 4), expand=False))

    def _rest(self, hidden: int) -> None:
        if hidden > 0:
            self._below(f"… and {hidden} more (--all)", style="dim")

    def _proposals(self) -> None:
        region_of = {a.id: a.region for a in self.problem.apprentices}
        by_region: dict[str, list[Proposal]] = {}
        for proposal in self.result.proposals:
            by_region.setdefault(region_of[proposal.apprentice], []).append(proposal)
        people = len(self.problem.apprentices)
        self._heading(f"Proposed: {len(self.result.proposals)} of {people} people")
        for region, proposals in sorted(by_region.items()):
            self.console.print(Text(f"\n{self.names.region(region)} ({len(proposals)})", "bold"))
            best_first = sorted(proposals, key=lambda p: (-p.score, p.apprentice))
            shown = best_first if self.everything else best_first[:SHOWN_PER_REGION]
            for proposal in shown:
                self._proposal(proposal)
            self._rest(len(proposals) - len(shown))

    def _proposal(self, proposal: Proposal) -> None:
        who = self.names.apprentice(proposal.apprentice)
        self.console.print(Text(f"  {who}", "bold"))
        self._below(f"→ {self.names.offer(proposal.offer)}")
        self._below(self.speaker.reason(proposal.parts))
        when = f"{_short_day(proposal.start)} – {_short_day(proposal.end)}"
        best = "best" if proposal.rank == 1 else f"{ordinal(proposal.rank)} best"
        of = "only offer" if proposal.eligible == 1 else f"{best} of {proposal.eligible} offers"
        locked = " · locked" if proposal.locked else ""
        self._below(f"{when} · fit {proposal.score:.1f} · {of}{locked}", style="dim")

    def _unmatched(self) -> None:
        unmatched = self.result.unmatched
        self._heading(f"Not matched: {len(unmatched)} people")
        if self.everything:
            shown: Sequence[Unmatched] = unmatched
        else:
            shown = _different(unmatched)
        for person in shown:
            self.console.print(Text(f"  {self.names.apprentice(person.apprentice)}", "bold"))
            self._below(self.speaker.why_unmatched(person))
            for full in person.full:
                self._below("· " + self.speaker.full(full, self.names.offer(full.offer)))
            for near in person.nearest[:2]:
                what = self.speaker.changes(near.changes)
                self._below(f"· {self.names.offer(near.offer)}: {what}")
        self._rest(len(unmatched) - len(shown))

    def _idle_offers(self) -> None:
        idle = [o for o in self.result.idle_offers if not o.eligible]
        places = sum(o.free_places for o in self.result.idle_offers)
        self._heading(f"Free places: {places}, nobody possible for {len(idle)} offers")
        shown: Sequence[IdleOffer] = idle if self.everything else idle[:SHOWN_IDLE]
        for offer in shown:
            self.console.print(Text(f"  {self.names.offer(offer.offer)}", "bold"))
            for near in offer.nearest[:1]:
                who = self.names.apprentice(near.apprentice)
                self._below(f"nearest: {who}: {self.speaker.changes(near.changes)}")
        self._rest(len(idle) - len(shown))

    def _prices(self, certificate: Certificate) -> None:
        """What comes first, and what that costs beside the same problem without it."""
        table = Table(
            "what comes first", "more of them", "fewer others", "points less", box=None,
            pad_edge=False, padding=(0, 3, 0, 0),
        )  # fmt: skip
        for name, price in (
            ("hard needs", certificate.price.hard_needs),
            ("reserved for fewer opportunities", certificate.price.reserve),
        ):
            if price is not None:
                less = _number(price.score) if price.proved else f"{price.score:,.3f}, not proved"
                table.add_row(name, _number(price.more), _number(price.fewer), less)
        if table.row_count:
            self.console.print(table)
            self.console.print()

    def _certificate(self, certificate: Certificate) -> None:
        self._heading("Certificate")
        value, bound = certificate.value, certificate.bound
        if certificate.optimal:
            self.console.print("No better assignment exists.")
        else:
            self.console.print(
                "A better assignment may exist, at most as good as the last column says.",
                style="yellow",
            )
        table = Table("aim", "reached", "at most", box=None, pad_edge=False, padding=(0, 3, 0, 0))
        for label, reached, most in (
            ("people with hard needs that exclude an offer", value.hard_needs, bound.hard_needs),
            (
                f"of {certificate.reserve} reserved for fewer opportunities",
                value.reserve,
                bound.reserve,
            ),
            ("people placed", value.placed, bound.placed),
            ("sum of fit and lift, in points", value.score, bound.score),
        ):
            if reached is not None:
                table.add_row(label, _number(reached), "–" if most is None else _number(most))
        self.console.print(table)
        self.console.print()
        self._prices(certificate)
        for promise in certificate.promises:
            mark = Text("✓", "green") if promise.held else Text("✗", "bold red")
            line = Table.grid(padding=(0, 1))
            line.add_row(mark, promise.promise)
            self.console.print(line)
        self.console.print(f"  Pairs with justified envy: {certificate.justified_envy}")
        for code in certificate.not_promised:
            self._below(self.speaker.text(f"not_promised.{code}"), style="dim")
        seconds = sum(certificate.seconds.values())
        self.console.print(
            Text(
                f"objective {certificate.objective} · seed {certificate.seed} · engine"
                f" {certificate.engine} · {certificate.solver} · {seconds:.1f} s\n"
                f"problem sha256 {certificate.problem_sha256[:32]}…",
                style="dim",
            )
        )


def _different(unmatched: Sequence[Unmatched]) -> list[Unmatched]:
    """A few people whose reasons differ, so that a first look shows them all."""
    kinds: dict[tuple[str, ...], list[Unmatched]] = {}
    for person in unmatched:
        nearest = person.nearest[0].failing if person.nearest else ()
        kinds.setdefault((person.reason, *nearest), []).append(person)
    first = [people[0] for people in kinds.values()]
    rest = [person for people in kinds.values() for person in people[1:]]
    return [*first, *rest][:SHOWN_UNMATCHED]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"


def print_explanation(
    console: Console, problem: Problem, explanation: Explanation, names: Names
) -> None:
    """Why a pair is possible with its points, or what refuses and what would open it."""
    speaker = Speaker(problem.facts())
    who, where = names.apprentice(explanation.apprentice), names.offer(explanation.offer)
    console.print(Text(f"{who} → {where}", style="bold"))
    if explanation.forbidden:
        console.print("This pair is on the list of forbidden pairs.")
    if not explanation.possible:
        console.print("Not possible yet:" if explanation.changes else "Not possible:")
        for code in explanation.failing:
            console.print(f"  ✗ {speaker.text(f'rule.{code}')}")
        console.print(f"What would open it: {speaker.changes(explanation.changes)}.")
        return
    console.print(speaker.reason(explanation.parts))
    console.print(
        f"{_short_day(explanation.start or '')} – {_short_day(explanation.end or '')},"
        f" {explanation.days} days; fit {explanation.score:.3f},"
        f" {ordinal(explanation.rank or 1)} of {explanation.eligible} possible offers"
    )
    table = Table("criterion", "value", "weight", "points", box=None, padding=(0, 3, 0, 0))
    for part in explanation.parts:
        name = speaker.text(f"criterion.{part.criterion}")
        table.add_row(name, f"{part.value:.3f}", f"{part.weight:g}", f"{part.points:.3f}")
    console.print(table)


def print_fairness(console: Console, rows: Sequence[tuple[str, ...]]) -> None:
    """A fairness report: its figures by group, and below them what is flagged and why."""
    console.print(Text("Fairness", "bold"))
    table = Table(*rows[0][:-1], box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for row in rows[1:]:
        table.add_row(*row[:-1])
    console.print(table)
    for row in rows[1:]:
        if row[-1]:
            console.print(Text(f"  {row[1] or row[0]}: {row[-1]}", "yellow"))


def _short_day(day: str) -> str:
    return ENGLISH.short_day(datetime.date.fromisoformat(day))
