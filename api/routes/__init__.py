"""Routes of the API, a module a noun: read the request, call a service, answer."""

from api.routes import (
    accounts,
    apprentices,
    calls,
    companies,
    enrolments,
    guardians,
    imports,
    offers,
    own_account,
    places,
    proposals,
    rounds,
    sessions,
    settings,
)

NOUNS = (
    sessions,
    own_account,
    accounts,
    apprentices,
    calls,
    companies,
    enrolments,
    guardians,
    imports,
    offers,
    places,
    proposals,
    rounds,
    settings,
)
"""In the order in which the document of the API names them."""
