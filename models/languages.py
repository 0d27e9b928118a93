"""The languages that the service writes to people in, and which one a country's people read."""

from enum import StrEnum


class MessageLanguage(StrEnum):
    """Every language of the texts (ISO 639-1). Where somebody has an account, that says it."""

    EN = "en"
    ES = "es"
    PT = "pt"
    FI = "fi"
    DE = "de"
    PL = "pl"


LANGUAGE_OF_COUNTRY = {
    "ES": MessageLanguage.ES,
    "PT": MessageLanguage.PT,
    "FI": MessageLanguage.FI,
    "DE": MessageLanguage.DE,
    "AT": MessageLanguage.DE,
    "PL": MessageLanguage.PL,
}
"""Countries (ISO 3166-1) where most people read one of these languages."""


def language_in(country: str) -> MessageLanguage:
    """What people of a country are written to in, until somebody says otherwise."""
    return LANGUAGE_OF_COUNTRY.get(country, MessageLanguage.EN)
