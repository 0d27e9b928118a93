"""Routes of the API, a module a noun: read the request, call a service, answer."""

from api.routes import (
    accounts,
    calls,
    companies,
    enrolments,
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
    calls,
    companies,
    enrolments,
    offers,
    places,
    proposals,
    rounds,
    settings,
)
"""In the order in which the document of the API names them."""
