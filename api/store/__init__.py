"""Every query, named by what is asked, a module a noun. Nothing here decides or commits."""

from api.store import (
    accounts,
    calls,
    cases,
    counts,
    groups,
    imports,
    links,
    places,
    proposals,
    rounds,
    rows,
    scans,
    scopes,
    sessions,
    settings,
    snapshots,
)

__all__ = [
    "accounts",
    "calls",
    "cases",
    "counts",
    "groups",
    "imports",
    "links",
    "places",
    "proposals",
    "rounds",
    "rows",
    "scans",
    "scopes",
    "sessions",
    "settings",
    "snapshots",
]
