"""What a travel group leaves open to its members: dates, countries and sites, before a round.

A group narrows while it is in effect: it is not split, and it is a class, or both friends wished
for it. What it does not fix stays each member's own; nothing is ever widened. What a member
and the group do not have in common leaves the member without a possible offer, so that the
engine says by which rule; it never makes a problem that the engine cannot read.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import models
from api.store.snapshots import Snapshot
from matcher.problem import Apprentice, Offer, WishedDays
from models import GroupKind

LONGEST = 3660
"""The engine knows no longer stay, in days."""


@dataclass(frozen=True)
class Fixed:
    """What a group fixes for all its members; None stays open.

    `countries` are those that it can go to, `windows` the offer windows there by their ids.
    """

    dates: tuple[datetime.date, datetime.date] | None = None
    countries: frozenset[str] | None = None
    windows: frozenset[str] | None = None


def in_effect(group: models.TravelGroup, members: Sequence[models.GroupMember]) -> bool:
    """Whether a group with these members narrows rounds and holds answers."""
    if group.split_at is not None:
        return False
    if group.kind == GroupKind.CLASS:
        return True
    return len(members) > 1 and all(member.wished_at is not None for member in members)


def fixed_by_groups(found: Snapshot) -> dict[str, Fixed]:
    """What is fixed for each person who travels with a group in effect, by the person's id."""
    members: dict[uuid.UUID, list[models.GroupMember]] = {group.id: [] for group in found.groups}
    for member in found.members:
        members[member.group_id].append(member)
    fixed: dict[str, Fixed] = {}
    for group in found.groups:
        if in_effect(group, members[group.id]):
            same = fixed_by(group, found)
            fixed |= {str(member.apprentice_id): same for member in members[group.id]}
    return {identity: same for identity, same in fixed.items() if same != Fixed()}


def fixed_by(group: models.TravelGroup, found: Snapshot) -> Fixed:
    """What a group fixes among the sites of a snapshot. Towns compare without capitals."""
    dates = None
    if group.first_day is not None and group.last_day is not None:
        dates = group.first_day, group.last_day
    if group.region_code is None and group.town is None:
        return Fixed(dates=dates)
    region = {row.id: row for row in found.regions}
    home = {row.id: region[row.region_id] for row in found.companies}
    there = {
        site.id: home[site.company_id].country
        for site in found.sites
        if group.region_code in (None, home[site.company_id].code)
        and (group.town is None or _town(site.town) == _town(group.town))
    }
    countries = {row.country for row in found.regions if row.code == group.region_code}
    if group.region_code is None:
        countries = set(there.values())
    offers = {row.id for row in found.offers if row.site_id in there}
    windows = frozenset(str(row.id) for row in found.windows if row.offer_id in offers)
    return Fixed(dates, frozenset(countries), windows)


def narrowed(person: Apprentice, fixed: Fixed) -> Apprentice:
    """The person as a round sees a member of a group that fixes this."""
    changes: dict[str, Any] = {}
    if fixed.dates is not None:
        changes |= _dates(person, *fixed.dates)
    if fixed.countries is not None:
        changes["destinations"] = _destinations(person, fixed.countries)
    return Apprentice.model_validate(dict(person) | changes)


def pairs_elsewhere(
    people: Iterable[Apprentice], offers: Sequence[Offer], fixed: dict[str, Fixed]
) -> Iterator[tuple[str, str]]:
    """Each (narrowed) member with the offers that are not where the group goes.

    Only those in the countries that are left: `destination` and `abroad` refuse the others.
    """
    for person in people:
        group = fixed.get(person.id)
        if group is None or group.windows is None:
            continue
        left = {*person.destinations} - {person.country}
        for offer in offers:
            if offer.country in left and offer.id not in group.windows:
                yield person.id, offer.id


def _dates(person: Apprentice, first: datetime.date, last: datetime.date) -> dict[str, Any]:
    """The person's window cut to the group's dates, for a stay of just that length.

    A member who is not there on all of the days has a window that is shorter than the stay,
    and who is there on none is not available at all: the dates rule refuses both.
    """
    length = min((last - first).days + 1, LONGEST)
    days = WishedDays(min=length, ideal=length, max=length)
    begin, end = max(person.available_from, first), min(person.available_to, last)
    if begin > end:
        whole = person.available_from, person.available_to
        return {"days": days, "not_available": (*person.not_available, whole)}
    return {"days": days, "available_from": begin, "available_to": end}


def _destinations(person: Apprentice, countries: frozenset[str]) -> tuple[str, ...]:
    """The countries that both accept, in the person's order.

    Where there is none it is the person's own, which no stay abroad can be in: an empty list
    would mean anywhere.
    """
    both = [code for code in person.destinations or sorted(countries) if code in countries]
    return tuple(both) or (person.country,)


def _town(name: str) -> str:
    return name.strip().casefold()
