"""How close the work is to what somebody learns: occupations and fields of education.

The cases and their values are rows of criterion_values.csv: the same
ISCO-08 unit group or ISCED-F detailed field, the same minor group, the same narrow or
broad field, at least the same sector. The best case of any two occupations counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matcher.vocabulary import Reference, unit_group


@dataclass(frozen=True)
class OccupationProfile:
    """ISCO-08 unit groups and ISCED-F detailed field that a row names."""

    units: tuple[str, ...]
    field: str | None


def occupation_profile(occupations: Sequence[str], isced_f: str | None) -> OccupationProfile:
    """The profile of a row; ESCO codes count as the unit group they begin with."""
    return OccupationProfile(tuple(sorted({unit_group(code) for code in occupations})), isced_f)


def sectors(facts: Reference, profile: OccupationProfile) -> set[str]:
    """The doALLVET sectors to which the occupations and the field of a profile belong."""
    found = {facts.codes("isco08")[unit]["sector"] for unit in profile.units}
    if profile.field:
        found.add(facts.codes("isced_f")[profile.field]["sector"])
    return found - {""}


class _Codes:
    """Profiles as arrays: unit groups (p, k), fields (p,) and sector masks (p,), -1 for none."""

    def __init__(self, facts: Reference, profiles: Sequence[OccupationProfile]) -> None:
        sector = {code: n for n, code in enumerate(facts.codes("sectors"))}
        most = max((len(profile.units) for profile in profiles), default=1)
        self.units = np.full((len(profiles), most), -1, dtype=np.int64)
        for row, profile in enumerate(profiles):
            self.units[row, : len(profile.units)] = [int(unit) for unit in profile.units]
        fields = [int(profile.field) if profile.field else -1 for profile in profiles]
        self.fields = np.array(fields, dtype=np.int64)
        masks = [sum(1 << sector[s] for s in sectors(facts, profile)) for profile in profiles]
        self.sectors = np.array(masks, dtype=np.int64)


Table = NDArray[np.bool_]


def _same_units(left: _Codes, right: _Codes, digits_left_out: int) -> Table:
    """Whether any unit groups agree in all but the last digits."""
    scale = 10**digits_left_out
    found = np.zeros((len(left.units), len(right.units)), dtype=np.bool_)
    for mine in left.units.T:
        for yours in right.units.T:
            same = (mine // scale)[:, None] == (yours // scale)[None, :]
            found |= same & (mine >= 0)[:, None] & (yours >= 0)[None, :]
    return found


def _same_fields(left: _Codes, right: _Codes, digits_left_out: int) -> Table:
    """Whether the fields of education agree in all but the last digits."""
    scale = 10**digits_left_out
    same = (left.fields // scale)[:, None] == (right.fields // scale)[None, :]
    return same & (left.fields >= 0)[:, None] & (right.fields >= 0)[None, :]


def _same_sector(left: _Codes, right: _Codes) -> Table:
    return (left.sectors[:, None] & right.sectors[None, :]) != 0


CASES: dict[str, Callable[[_Codes, _Codes], Table]] = {
    "same_unit_group": lambda left, right: _same_units(left, right, 0),
    "same_detailed_field": lambda left, right: _same_fields(left, right, 0),
    "same_minor_group": lambda left, right: _same_units(left, right, 1),
    "same_narrow_field": lambda left, right: _same_fields(left, right, 1),
    "same_broad_field": lambda left, right: _same_fields(left, right, 2),
    "same_sector": _same_sector,
}
"""When each case holds; their values are rows of criterion_values.csv."""


def closeness_table(
    facts: Reference, wanted: Sequence[OccupationProfile], offered: Sequence[OccupationProfile]
) -> NDArray[np.float64]:
    """Closeness in [0, 1] of every wanted (rows) to every offered profile (columns)."""
    left, right = _Codes(facts, wanted), _Codes(facts, offered)
    table = np.zeros((len(wanted), len(offered)))
    for case, holds in CASES.items():
        np.maximum(table, facts.value("occupation", case) * holds(left, right), out=table)
    return table


@lru_cache(maxsize=10_000)
def closest_case(
    facts: Reference, wanted: OccupationProfile, offered: OccupationProfile
) -> str | None:
    """The case of highest value that holds for two profiles; None when nothing is in common."""
    left, right = _Codes(facts, [wanted]), _Codes(facts, [offered])
    holding = [case for case, holds in CASES.items() if holds(left, right)[0, 0]]
    return max(holding, key=lambda case: facts.value("occupation", case), default=None)
