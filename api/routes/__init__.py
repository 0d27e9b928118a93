"""Routes of the API, a module a noun: read the request, call a service, answer."""

from api.routes import (
    accounts,
    answers,
    calls,
    companies,
    covers,
    enrolments,
    groups,
    offers,
    own_account,
    places,
    proposals,
    rounds,
    scans,
    sessions,
    settings,
)

NOUNS = (
    sessions,
    own_account,
    accounts,
    covers,
    calls,
    enrolments,
    groups,
    places,
    companies,
    offers,
    rounds,
    proposals,
    answers,
    scans,
    settings,
)
"""In the order in which the document of the API names them."""
