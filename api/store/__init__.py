"""Every query, named by what is asked, a module a noun. Nothing here decides or commits."""

from api.store import calls, imports, places, proposals, rounds, rows, settings, snapshots

__all__ = ["calls", "imports", "places", "proposals", "rounds", "rows", "settings", "snapshots"]
