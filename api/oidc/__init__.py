"""Signing in with an account elsewhere, by OpenID Connect (extra `oidc`)."""

from api.oidc.client import Client, Identity, RefusedError, derived
from api.oidc.providers import Provider, ProvidersFaultyError, clients, read

__all__ = [
    "Client",
    "Identity",
    "Provider",
    "ProvidersFaultyError",
    "RefusedError",
    "clients",
    "derived",
    "read",
]
