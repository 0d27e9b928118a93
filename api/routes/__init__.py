"""Routes of the API, a module a noun: read the request, call a service, answer."""

from api.routes import (
    accounts,
    answers,
    apprentices,
    calls,
    companies,
    covers,
    enrolments,
    groups,
    guardians,
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
    apprentices,
    guardians,
    companies,
    offers,
    rounds,
    proposals,
    answers,
    scans,
    settings,
)
"""In the order in which the document of the API names them."""
