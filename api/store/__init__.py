"""Every query, named by what is asked, a module a noun. Nothing here decides or commits."""

from api.store import calls, cases, groups, places, proposals, rounds, rows, settings, snapshots

__all__ = [
    "calls",
    "cases",
    "groups",
from api.store import (
    accounts,
    calls,
    links,
    places,
    proposals,
    rounds,
    rows,
    sessions,
    settings,
    snapshots,
)

__all__ = [
    "accounts",
    "calls",
    "links",
    "places",
    "proposals",
    "rounds",
    "rows",
    "sessions",
    "settings",
    "snapshots",
]
