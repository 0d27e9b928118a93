"""Seals values and opens them, with the key of the person whom they are about.

A sealed value is: one byte of version, the nonce (12 bytes), then AES-256-GCM of its JSON. It
is bound to its place (table, column, row) and to its owner: copied to another row it does not
open. The same value sealed twice is not the same bytes.
"""

import datetime
import json
import secrets
import threading
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import URL

from api.sealing.key_store import KeyStore
from api.sealing.master import KEY_BYTES, MasterKeys, MasterKeysFaultyError, MasterKeySource

VERSION = b"\x01"
NONCE_BYTES = 12

SERVICE = uuid.UUID(int=1)
"""The owner of what is about nobody in particular: details of the audit, rounds."""

AUDIT = uuid.UUID(int=2)
"""The owner of the key that binds the events of the audit."""

LASTING = frozenset({SERVICE, AUDIT})
"""Whose keys nobody destroys: they are read once. Those of people are read anew each time."""

AT_ONCE = 200
"""So many keys are wrapped anew in one transaction, so that nobody waits for long."""


class BrokenSealError(Exception):
    """A value cannot be opened: it was changed, moved, or its key is gone."""

    def __init__(self, place: str) -> None:
        """`place` names table, column and row."""
        super().__init__(f"{place}: the seal is broken, or its key is gone")
        self.place = place


def place_of(table: str, column: str, row: uuid.UUID) -> str:
    """The place of a sealed value."""
    return f"{table}|{column}|{row}"


class Vault:
    """Keys and seals of one database. Nothing is read before the first use."""

    def __init__(self, url: URL, master_key: str = "", master_key_file: str = "") -> None:
        """Without a file the embedded database has one beside it: `NAME.master.key`."""
        self.store = KeyStore(url)
        named = Path(master_key_file) if master_key_file else None
        if named is None and self.store.is_file and url.database:
            named = Path(f"{url.database.removesuffix('.db')}.master.key")
        self.source = MasterKeySource(master_key, named)
        self._masters: MasterKeys | None = None
        self._ready = False
        self._lock = threading.Lock()
        self._lasting: dict[uuid.UUID, bytes] = {}

    # keys

    def look_again(self) -> None:
        """Forget what was read of key store and master keys: the files were put back."""
        with self._lock:
            self._ready, self._masters, self._lasting = False, None, {}

    def ready(self) -> None:
        """Make key store and, for an empty embedded database, the master key, once.

        Raises MasterKeysFaultyError where a master key is missing beside keys that it wrapped.
        """
        with self._lock:
            if self._ready:
                return
            if self.store.count():
                self.check_masters()
            elif self.store.is_file:
                self.store.create()
                with self.store.writing():  # two who start at once make one master key
                    self._masters = self.source.create()
            else:
                self._masters = self.source.read()
                self.store.create()
            self._ready = True

    def check_masters(self) -> None:
        """Whether every key opens with the master keys that are here; nothing is changed.

        Raises MasterKeysFaultyError.
        """
        with self.store.writing():  # not between the two steps of somebody who rotates
            masters, wrapped_by = self.source.read(), self.store.masters()
        for name, (owner, wrapped) in wrapped_by.items():
            if name not in masters.keys:
                raise MasterKeysFaultyError(
                    f"{self.source.where}: lacks the master key {name!r} that wrapped the keys"
                    " of this database; put it back, nothing was changed"
                )
            try:
                _unwrap(masters.keys[name], owner, wrapped)
            except InvalidTag:
                raise MasterKeysFaultyError(
                    f"{self.source.where}: the master key {name!r} is not the one that wrapped"
                    " the keys of this database; put the right one back, nothing was changed"
                ) from None
        self._masters = masters

    def has_key(self, owner: uuid.UUID) -> bool:
        """Whether there is a key of this owner."""
        return self.store.is_there() and owner in self.store.find([owner])

    def keys(self, owners: Collection[uuid.UUID], *, make: bool = False) -> dict[uuid.UUID, bytes]:
        """The keys of those who have one; with `make`, of everybody who was not erased."""
        wanted = set(owners)
        if not wanted:
            return {}
        self.ready()
        found = {owner: self._lasting[owner] for owner in wanted & self._lasting.keys()}
        if wanted - found.keys():
            found |= self._found(wanted - found.keys())
            self._lasting |= {owner: found[owner] for owner in LASTING & found.keys()}
        if make and wanted - found.keys():
            lacking = wanted - found.keys()
            missing = sorted(lacking - self.store.erased_among(lacking))
            if not missing:
                return found
            with self.store.writing() as connection:
                # read again: whoever rotates has changed the file before this transaction began
                masters = self._masters = self.source.read()
                name = masters.current
                self.store.add(connection, [
                    {"owner": owner, "id": uuid.UUID(bytes=secrets.token_bytes(16)),
                     "master": name,
                     "wrapped": _wrap(masters.keys[name], owner, secrets.token_bytes(KEY_BYTES))}
                    for owner in missing
                ])  # fmt: skip
            found |= self._found(missing)
        return found

    def _found(self, owners: Collection[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        try:
            return self._unwrapped(owners)
        except (KeyError, InvalidTag):
            # somebody rotates: between the two looks the old master key went
            self._masters = self.source.read()
        try:
            return self._unwrapped(owners)
        except (KeyError, InvalidTag) as error:
            raise MasterKeysFaultyError(
                f"{self.source.where}: does not open the keys of this database"
            ) from error

    def _unwrapped(self, owners: Collection[uuid.UUID]) -> dict[uuid.UUID, bytes]:
        masters = self._masters or self.source.read()
        return {
            owner: _unwrap(masters.keys[master], owner, wrapped)
            for owner, (master, wrapped) in self.store.find(owners).items()
        }

    def forget(self, owner: uuid.UUID, erased_at: datetime.datetime | None = None) -> None:
        """Destroy the key of an owner: what it sealed cannot be opened any more, by anybody."""
        self.ready()
        self._lasting.pop(owner, None)
        self.store.forget(owner, erased_at)

    # seals

    def seal(self, owner: uuid.UUID, place: str, value: Any) -> bytes:
        """A JSON value, sealed."""
        return seal(self.keys([owner], make=True)[owner], owner, place, value)

    def open(self, owner: uuid.UUID, place: str, sealed: bytes) -> Any:
        """The value. Raises BrokenSealError."""
        return open_sealed(self.keys([owner]).get(owner), owner, place, sealed)

    # rounds

    def pack_round(self, round_id: uuid.UUID, problem: Any, result: Any, beside: Any) -> bytes:
        """The files of a round, sealed person by person (`api.sealing.bundle`)."""
        from api.sealing import bundle

        return bundle.pack(self, round_id, problem, result, beside)

    def unpack_round(self, round_id: uuid.UUID, files: bytes) -> tuple[Any, Any, Any]:
        """Problem, result and what stood beside them. Raises BrokenSealError."""
        from api.sealing import bundle

        opened = bundle.unpack(self, round_id, files)
        return opened.problem, opened.result, opened.beside

    # rotation

    def rotate(self) -> int:
        """Wrap every key by a new master key, and drop the old ones; says how many were wrapped.

        The file changes first, so that whoever is killed here, or makes keys meanwhile, loses
        nothing: both master keys are there until nothing is left that the old one wrapped. Called
        again it goes on where it ended.
        """
        self.ready()
        if self.source.text and len(self.source.read().keys) == 1:
            raise MasterKeysFaultyError(
                f"{self.source.where}: has one key alone; put the new one first and the old one"
                " behind it, separated by a comma (doallvet keys new prints one), and try again"
            )
        if not self.source.text:
            with self.store.writing():
                masters = self.source.read()
                if len(masters.keys) == 1:
                    self.source.write(masters.with_new())
        return self.finish_rotation()

    def finish_rotation(self) -> int:
        """Wrap by the first master key what others wrapped, and drop these; says how many."""
        masters = self._masters = self.source.read()
        done = 0
        while True:
            with self.store.writing() as connection:
                some = self.store.wrapped_by_others(connection, masters.current, AT_ONCE)
                for owner, name, wrapped in some:
                    key = _unwrap(masters.keys[name], owner, wrapped)
                    anew = _wrap(masters.keys[masters.current], owner, key)
                    self.store.change(connection, owner, masters.current, anew)
                if not some:
                    if not self.source.text and len(masters.keys) > 1:
                        self.source.write(masters.only_current())
                        self._masters = masters.only_current()
                    return done
            done += len(some)


def seal(key: bytes, owner: uuid.UUID, place: str, value: Any) -> bytes:
    """A JSON value sealed by this key, for many values of one owner."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return encrypted(key, text, f"{owner}|{place}")


def open_sealed(key: bytes | None, owner: uuid.UUID, place: str, sealed: bytes) -> Any:
    """The value; without a key it cannot be opened. Raises BrokenSealError."""
    return json.loads(opened(key, sealed, f"{owner}|{place}", place))


def opened(key: bytes | None, sealed: bytes, bound: str, place: str) -> bytes:
    """What is in a seal, for errors that name its place. Raises BrokenSealError."""
    if key is None:
        raise BrokenSealError(place)
    try:
        return decrypted(key, sealed, bound)
    except InvalidTag:
        raise BrokenSealError(place) from None


def encrypted(key: bytes, text: bytes, bound: str) -> bytes:
    """Bytes as every seal has them: version, nonce, AES-256-GCM bound to where it belongs."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text, bound.encode())


def decrypted(key: bytes, sealed: bytes, bound: str) -> bytes:
    """The bytes again. Raises InvalidTag for whatever `encrypted` did not make with this key."""
    nonce, text = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != VERSION or len(nonce) != NONCE_BYTES:
        raise InvalidTag
    return AESGCM(key).decrypt(nonce, text, bound.encode())


def _wrap(master: bytes, owner: uuid.UUID, key: bytes) -> bytes:
    return encrypted(master, key, f"key|{owner}")


def _unwrap(master: bytes, owner: uuid.UUID, wrapped: bytes) -> bytes:
    return decrypted(master, wrapped, f"key|{owner}")
