"""Which pages a role finds in the head of every page, in this order."""

from api.language import N_
from models import Role

Entry = tuple[str, str]
"""Address and name."""

_TODAY = ("/today", N_("Today"))
_PROPOSALS = ("/proposals", N_("Proposals"))

NAVIGATION: dict[Role, tuple[Entry, ...]] = {
    Role.ADMIN: (
        ("/status", N_("Status")), ("/matchings", N_("Matching")),
        ("/figures", N_("Map and figures")), ("/accounts", N_("Accounts")),
        ("/settings", N_("Settings")),
    ),
    Role.COORDINATOR: (
        _TODAY, _PROPOSALS, ("/apprentices", N_("Apprentices")), ("/hosts", N_("Hosts")),
        ("/matchings", N_("Matching")), ("/figures", N_("Map and figures")),
        ("/settings", N_("Settings")),
    ),
    Role.CENTRE: (_TODAY, _PROPOSALS, ("/apprentices", N_("Apprentices"))),
    Role.COMPANY: (
        _TODAY, ("/proposals", N_("People for you")), ("/offers", N_("Your offers")),
        ("/placements", N_("Placements")),
    ),
    Role.APPRENTICE: (
        _TODAY, ("/suggestions", N_("Places for you")), ("/profile", N_("Your profile")),
        ("/needs", N_("What you need")),
    ),
    Role.GUARDIAN: (_TODAY, ("/consents", N_("Consents"))),
}  # fmt: skip


MORE: dict[Role, tuple[Entry, ...]] = {
    Role.COMPANY: (
        ("/provision-questions", N_("Questions about your workplace")),
        ("/company", N_("Your company")),
    ),
    Role.APPRENTICE: (
        ("/my-calls", N_("Where you take part")), ("/friends", N_("Travel with a friend")),
        ("/consents", N_("What hosts may know")), ("/my-data", N_("Your data and your rights")),
    ),
    Role.GUARDIAN: (("/my-data", N_("Data and rights")),),
}  # fmt: skip
"""What is rarer, one step further: behind "More"."""


def more(role: Role | None) -> tuple[Entry, ...]:
    """The rarer entries of a role."""
    return MORE.get(role, ()) if role is not None else ()


def entries(role: Role | None) -> tuple[Entry, ...]:
    """The entries of a role; who is not signed in has none."""
    return NAVIGATION[role] if role is not None else ()
