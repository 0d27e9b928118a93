"""What a fairness report does not show, so that nobody can be found in it.

The secret is who belongs to which group. How many people a round had and how many it placed is
known anyway and always shown. From there, per dimension:

1. **Small groups.** A group of fewer than five people shows nothing. So that total minus what
   is shown does not tell it, further groups are hidden until there are two at least, and more
   than four people in them on average. Which ones follows a fixed order and not their size, and
   what is hidden does not say why: so even who knows this procedure is left with each of the
   sizes 1 to 4 for a small group. Where all groups of a dimension are hidden, none is listed.
2. **Small parts of a group.** How many of a group are placed is exact where at least five
   people are placed and at least five are not. Else it is a range of five numbers (0 to 4, or
   n - 4 to n; any number for fewer than ten people): 0 and all would say of everybody of
   the group what became of them, and of everybody placed that they are of another group.
   Total minus the exact ones may narrow no range: further groups are shown as ranges until at
   least five numbers are left in each. Where that fails, or fewer than ten people in all are
   placed or are not, every range is what the totals alone imply.
3. **Means** rest on at least five people, in a group whose number of placed people is exact
   (else means and totals together are equations for the numbers). The people behind the means
   that are not shown are none or five at least, since their mean follows from the total.
4. **Two reports.** Every sum of groups that a reader can form in both an earlier report and
   this one differs by nobody or by at least five people each way. So one person who joined
   tells neither where he or she belongs nor where not; all groups are hidden then. The same
   people with other outcomes are fine: outcomes are what a new round is for.

Limits. Where one group has all there is, a range that the totals imply may stand for its end, as
somebody who knows this procedure can find. Who knows four people of a group of five knows the
fifth. Sums over three and more reports are not looked at beyond each pair. A change of outcomes
between two rounds of the same people changes a mean, which somebody who knows whose outcome it
was can read. A mean at the end of its scale (all ranks 1) speaks of everybody. A group is listed
where it has anybody. And no noise is added: this is no differential privacy.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from api.fairness.counted import Dimension

LEAST = 5
"""Fewer people than this are not shown, nor fewer values for what is hidden left open."""


class Sum(BaseModel):
    """Groups whose people are known together only, with the ids of these people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: frozenset[str]
    people: frozenset[str]


class Memberships(BaseModel):
    """Who stood behind the figures of a published report: kept to compare the next one with.

    Per dimension the sums that a reader of it can form: each shown group for itself, hidden
    ones together. It says who belongs to which group, so it is kept as closely as the groups.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sums: dict[Dimension, tuple[Sum, ...]]


Groups = Mapping[str, Collection[str]]
"""The ids of the people of each group."""


def hidden_groups(groups: Groups, earlier: Iterable[Sequence[Sum]] = ()) -> frozenset[str]:
    """The groups of a dimension that show nothing; `earlier` are sums of published reports.

    Further ones are hidden from the last of `groups` on, whatever their size.
    """
    published = list(earlier)
    hidden = {group for group, people in groups.items() if len(people) < LEAST}
    while len(hidden) < len(groups):
        differing = [block for sums in published for block in _differing(groups, hidden, sums)]
        if not differing and _open_enough(groups, hidden):
            break
        further = set(groups) & set().union(*differing) - hidden
        hidden |= further or {[group for group in groups if group not in hidden][-1]}
    return frozenset(hidden)


def _open_enough(groups: Groups, hidden: Collection[str]) -> bool:
    """Whether the hidden groups together are too many for all of them to be small ones."""
    together = sum(len(groups[group]) for group in hidden)
    return not hidden or (len(hidden) > 1 and together > (LEAST - 1) * len(hidden))


def sums_of(groups: Groups, hidden: Collection[str]) -> tuple[Sum, ...]:
    """What a reader can add up of a dimension: shown groups alone, hidden ones together."""
    alone = [
        Sum(groups=frozenset({group}), people=frozenset(people))
        for group, people in groups.items()
        if group not in hidden
    ]
    if not hidden:
        return tuple(alone)
    people = frozenset(one for group in hidden for one in groups[group])
    return (*alone, Sum(groups=frozenset(hidden), people=people))


def _differing(
    groups: Groups, hidden: Collection[str], earlier: Sequence[Sum]
) -> Iterator[set[str]]:
    """The groups of every sum of both reports that differs by one to four people.

    The smallest sums that can be formed in both are unions of sums that overlap. The sum of all
    groups is left out: it is no group's.
    """
    now = sums_of(groups, hidden)
    everybody = _people(now), _people(earlier)
    for block in _joined([one.groups for one in (*now, *earlier)]):
        after = _people(one for one in now if one.groups <= block)
        before = _people(one for one in earlier if one.groups <= block)
        if (after, before) != everybody and differ_little(before, after):
            yield block


def differ_little(before: Collection[str], after: Collection[str]) -> bool:
    """Whether one to four people came, or one to four went."""
    came, went = set(after) - set(before), set(before) - set(after)
    return 0 < len(came) < LEAST or 0 < len(went) < LEAST


def _people(sums: Iterable[Sum]) -> set[str]:
    return {person for one in sums for person in one.people}


def _joined(sets: Iterable[Collection[str]]) -> list[set[str]]:
    """Sets that overlap, as one; none of the result overlaps another."""
    found: list[set[str]] = []
    for one in sets:
        apart = [other for other in found if not other & set(one)]
        found = [*apart, set(one).union(*(other for other in found if other & set(one)))]
    return found


@dataclass(frozen=True)
class Part:
    """So many people of whom so many are placed: a shown group, or the hidden ones together."""

    people: int
    placed: int


def placed_ranges(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """The least and the most people of each part that a reader may take for placed.

    The parts are all there is, so that their totals are known. The real number lies inside.
    """
    total, everybody = sum(part.placed for part in parts), sum(part.people for part in parts)
    any_number = _implied([(0, part.people) for part in parts], total)
    if min(total, everybody - total) < 2 * LEAST:
        return any_number
    exact = sorted(
        (n for n, part in enumerate(parts) if _split(part)), key=lambda n: (parts[n].people, n)
    )
    for opened in range(len(exact) + 1):
        bounds = [_coded(part) for part in parts]
        bounds = [
            (LEAST, parts[n].people - LEAST) if n in exact[:opened] else bound
            for n, bound in enumerate(bounds)
        ]
        found = _implied(bounds, total)
        told = exact[opened:]
        if all(n in told or high - low + 1 >= LEAST for n, (low, high) in enumerate(found)):
            return found
    return any_number


def _split(part: Part) -> bool:
    return part.placed >= LEAST and part.people - part.placed >= LEAST


def _coded(part: Part) -> tuple[int, int]:
    """The number itself where it may be told, else a range around it."""
    if _split(part):
        return part.placed, part.placed
    if part.people < 2 * LEAST:
        return 0, part.people
    return (0, LEAST - 1) if part.placed < LEAST else (part.people - LEAST + 1, part.people)


def _implied(bounds: Sequence[tuple[int, int]], total: int) -> list[tuple[int, int]]:
    """The bounds, narrowed by their total."""
    lows, highs = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    return [
        (max(low, total - (highs - high)), min(high, total - (lows - low))) for low, high in bounds
    ]


def means_shown(behind: Sequence[int], allowed: Sequence[bool]) -> list[bool]:
    """Which parts may show a mean; `behind` says how many people it rests on in each part.

    `allowed` is false for parts that show none anyway, as the hidden groups together.
    """
    shown = [may and people >= LEAST for may, people in zip(allowed, behind, strict=True)]
    smallest_first = sorted(range(len(behind)), key=lambda n: (behind[n], n))
    while 0 < sum(n for n, seen in zip(behind, shown, strict=True) if not seen) < LEAST:
        further = [n for n in smallest_first if shown[n]]
        if not further:
            break
        shown[further[0]] = False
    return shown
