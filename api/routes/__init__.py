"""Routes of the API, a module a noun: read the request, call a service, answer."""

from api.routes import (
    accounts,
    calls,
    enrolments,
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
    enrolments,
    places,
    proposals,
    rounds,
    settings,
)
"""In the order in which the document of the API names them."""
