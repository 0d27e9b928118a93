"""Every query, named by what is asked, a module a noun. Nothing here decides or commits."""

from api.store import (
    accounts,
    calls,
    case_lists,
    cases,
    groups,
    imports,
    links,
    pages,
    places,
    proposals,
    rounds,
    rows,
    scopes,
    sessions,
    settings,
    snapshots,
)

__all__ = [
    "accounts",
    "calls",
    "case_lists",
    "cases",
    "groups",
    "imports",
    "links",
    "pages",
    "places",
    "proposals",
    "rounds",
    "rows",
    "scopes",
    "sessions",
    "settings",
    "snapshots",
]
