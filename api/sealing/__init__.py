"""What must stay sealed: AES-256-GCM, one key for each person, wrapped by a master key.

`Vault` is what others use: it seals values, opens them, and forgets a person's key for good.
"""

from api.sealing.master import MasterKeys, MasterKeysFaultyError
from api.sealing.vault import SERVICE, BrokenSealError, Vault, place_of

__all__ = [
    "SERVICE",
    "BrokenSealError",
    "MasterKeys",
    "MasterKeysFaultyError",
    "Vault",
    "place_of",
]
