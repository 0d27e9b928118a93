"""The files of a round, sealed person by person.

Everything that problem and result say of one person is sealed with that person's key, the rest
with the key of the service. Whose key is gone is left out when the files are opened again, and
counted; without such people they come back byte for byte.
"""

import hashlib
import json
import struct
import uuid
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.sealing.vault import SERVICE, BrokenSealError, Vault, encrypted, opened

Json = dict[str, Any]

LISTS_OF_PEOPLE = (
    ("problem", "apprentices", "id"),
    ("problem", "accepted_needs", "apprentice"),
    ("problem", "declined", "apprentice"),
    ("result", "proposals", "apprentice"),
    ("result", "unmatched", "apprentice"),
)
"""File, list, and the key that names the person: such rows go into the person's part."""

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class Opened:
    """Problem and result as JSON, what stood beside them, who is in them and who is missing."""

    problem: Json
    result: Json
    beside: Json
    people: tuple[uuid.UUID, ...]
    missing: tuple[uuid.UUID, ...]


def pack(vault: Vault, round_id: uuid.UUID, problem: Json, result: Json, beside: Json) -> bytes:
    """Seal the files of a round; `beside` is anything else about it that nobody else may read."""
    people = [uuid.UUID(row["id"]) for row in problem["apprentices"]]
    common, parts = split(problem, result, people)
    keys = vault.keys({SERVICE, *people}, make=True)
    place = f"round|files|{round_id}"
    head = json.dumps({
        "people": [str(one) for one in people],
        "unmatched": [row["apprentice"] for row in result["unmatched"]],
    }).encode()  # fmt: skip
    pieces = [
        head,
        _seal(keys[SERVICE], place, {**common, "beside": beside, "head": _digest(head)}),
        *(_seal(keys[one], f"{place}|{one}", parts[one]) for one in people),
    ]
    return b"".join(_LENGTH.pack(len(piece)) + piece for piece in pieces)


def people_in(files: bytes, kind: str = "people") -> list[uuid.UUID]:
    """The people of a round, or those who stayed `unmatched`, in the order of the result.

    Raises BrokenSealError.
    """
    try:
        head = json.loads(_pieces(files)[0])
        return [uuid.UUID(one) for one in head[kind]]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BrokenSealError("round|files") from None


def common_of(vault: Vault, round_id: uuid.UUID, files: bytes) -> Json:
    """What the files say besides people. Raises BrokenSealError."""
    head, sealed, *_ = _pieces(files)
    place = f"round|files|{round_id}"
    common = _open(vault.keys([SERVICE]).get(SERVICE), place, sealed)
    if common["head"] != _digest(head):
        raise BrokenSealError(place)
    return common


def parts_of(
    vault: Vault, round_id: uuid.UUID, files: bytes, wanted: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID, Json]:
    """What the files say of people, of those whose part can be opened. Raises BrokenSealError."""
    people, pieces = people_in(files), _pieces(files)[2:]
    if len(people) != len(pieces):
        raise BrokenSealError(f"round|files|{round_id}")
    chosen = set(people if wanted is None else wanted)
    keys, found = vault.keys(chosen), {}
    for one, piece in zip(people, pieces, strict=True):
        if one in chosen:
            try:
                found[one] = _open(keys.get(one), f"round|files|{round_id}|{one}", piece)
            except BrokenSealError:
                continue
    return found


def unpack(vault: Vault, round_id: uuid.UUID, files: bytes) -> Opened:
    """Everything together again. Raises BrokenSealError for the part that is nobody's."""
    common = common_of(vault, round_id, files)
    parts = parts_of(vault, round_id, files)
    people = people_in(files)
    missing = tuple(one for one in people if one not in parts)
    problem, result = join(common, parts)
    return Opened(problem, result, common["beside"], tuple(parts), missing)


def split(
    problem: Json, result: Json, people: Collection[uuid.UUID]
) -> tuple[Json, dict[uuid.UUID, Json]]:
    """What is about nobody, and for each person the rows about him or her with their places."""
    parts: dict[uuid.UUID, Json] = {one: {} for one in people}
    files = {"problem": dict(problem), "result": dict(result)}
    for file, name, key in LISTS_OF_PEOPLE:
        for number, row in enumerate(files[file].get(name) or ()):
            part = parts[uuid.UUID(row[key])]
            part.setdefault(f"{file}.{name}", []).append([number, row])
        if name in files[file]:
            files[file][name] = []
    idle = []
    for number, offer in enumerate(result["idle_offers"]):
        for place, near in enumerate(offer["nearest"]):
            part = parts[uuid.UUID(near["apprentice"])]
            part.setdefault("idle", []).append([number, place, near])
        idle.append({**offer, "nearest": []})
    files["result"]["idle_offers"] = idle
    return files, parts


def join(common: Json, parts: Mapping[uuid.UUID, Json]) -> tuple[Json, Json]:
    """Problem and result of what `split` gave; rows of people who are missing are left out."""
    files = {"problem": dict(common["problem"]), "result": dict(common["result"])}
    for file, name, _ in LISTS_OF_PEOPLE:
        if name in files[file]:
            rows = [pair for part in parts.values() for pair in part.get(f"{file}.{name}", ())]
            files[file][name] = [row for _, row in sorted(rows, key=_first)]
    near = [one for part in parts.values() for one in part.get("idle", ())]
    of_offer: dict[int, list[tuple[int, Json]]] = {}
    for number, place, row in near:
        of_offer.setdefault(number, []).append((place, row))
    files["result"]["idle_offers"] = [
        {**offer, "nearest": [row for _, row in sorted(of_offer.get(number, ()), key=_first)]}
        for number, offer in enumerate(common["result"]["idle_offers"])
    ]
    return files["problem"], files["result"]


def _first(pair: Sequence[Any]) -> int:
    place: int = pair[0]  # rows themselves have no order
    return place


def _pieces(files: bytes) -> list[bytes]:
    """The head, what is about nobody, and a piece for each person. Raises BrokenSealError."""
    found, at = [], 0
    while at + _LENGTH.size <= len(files):
        (length,) = _LENGTH.unpack_from(files, at)
        at += _LENGTH.size
        found.append(files[at : at + length])
        at += length
    if at != len(files) or len(found) < 2:  # the first two are always there
        raise BrokenSealError("round|files")
    return found


def _digest(head: bytes) -> str:
    """Whose parts these are stands open in the head: what is sealed says that it is the one."""
    return hashlib.sha256(head).hexdigest()


def _seal(key: bytes, place: str, value: Json) -> bytes:
    text = zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 6)
    return encrypted(key, text, place)


def _open(key: bytes | None, place: str, sealed: bytes) -> Json:
    found: Json = json.loads(zlib.decompress(opened(key, sealed, place, place)))
    return found
