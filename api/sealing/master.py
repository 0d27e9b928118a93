"""The master keys: they wrap the keys of people, and are kept apart from every database.

They come from the environment, or from a file that nobody else may read. Each is `ID:KEY`, the
key 32 bytes in base64; the first one wraps, the others only open what they wrapped before.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32
"""AES-256."""


class MasterKeysFaultyError(ValueError):
    """The master keys are missing or unreadable; the message says which and what to do."""


@dataclass(frozen=True)
class MasterKeys:
    """The keys by their ids, the one that wraps first."""

    keys: dict[str, bytes]

    @property
    def current(self) -> str:
        """The id of the key that wraps."""
        return next(iter(self.keys))

    @classmethod
    def read(cls, text: str, where: str) -> "MasterKeys":
        """The keys of a text: one a line, or separated by commas. Raises MasterKeysFaultyError."""
        keys: dict[str, bytes] = {}
        for entry in text.replace(",", "\n").split():
            name, _, value = entry.partition(":")
            try:
                key = base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                key = b""
            if not name or len(name) > 40 or name in keys or len(key) != KEY_BYTES:
                raise MasterKeysFaultyError(
                    f"{where}: entry {len(keys) + 1} is no master key; each is ID:KEY, the key"
                    f" {KEY_BYTES} bytes in base64, every id once"
                )
            keys[name] = key
        if not keys:
            raise MasterKeysFaultyError(f"{where}: holds no master key")
        return cls(keys)

    def text(self) -> str:
        """The keys as `read` reads them."""
        return "".join(f"{n}:{base64.b64encode(k).decode()}\n" for n, k in self.keys.items())

    def with_new(self) -> "MasterKeys":
        """The same with a new one that wraps from now on."""
        return MasterKeys({secrets.token_hex(4): secrets.token_bytes(KEY_BYTES)} | self.keys)

    def only_current(self) -> "MasterKeys":
        """The one that wraps alone."""
        return MasterKeys({self.current: self.keys[self.current]})


class MasterKeySource:
    """Where the master keys are: a text of the environment, or a file."""

    def __init__(self, text: str, file: Path | None) -> None:
        """`text` wins; without both there are none."""
        self.text, self.file = text.strip(), file

    @property
    def where(self) -> str:
        """How errors name the place."""
        return "DOALLVET_MASTER_KEY" if self.text else f"master key file {self.file}"

    def read(self) -> MasterKeys:
        """The keys as they are now. Raises MasterKeysFaultyError."""
        if self.text:
            return MasterKeys.read(self.text, self.where)
        if self.file is None:
            raise MasterKeysFaultyError(
                "master key: there is none; name a file in DOALLVET_MASTER_KEY_FILE, or give"
                " ID:KEY in DOALLVET_MASTER_KEY (doallvet keys new prints one)"
            )
        try:
            return MasterKeys.read(self.file.read_text("ascii"), self.where)
        except FileNotFoundError:
            raise MasterKeysFaultyError(
                f"{self.where}: is missing; put back the file that belongs to this database"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise MasterKeysFaultyError(
                f"{self.where}: cannot be read ({type(error).__name__})"
            ) from None

    def create(self) -> MasterKeys:
        """A new file with a new key, readable by its owner alone; an existing one is kept."""
        if self.text or self.file is None or self.file.exists():
            return self.read()
        made = MasterKeys({}).with_new()
        _write(self.file, made.text())
        return made

    def write(self, keys: MasterKeys) -> None:
        """Replace the file, all of it or nothing. Raises MasterKeysFaultyError for a text."""
        if self.text or self.file is None:
            raise MasterKeysFaultyError(
                f"{self.where}: cannot be changed from here; put the new key first and the old"
                " one behind it, separated by a comma, and rotate again"
            )
        beside = self.file.with_name(f"{self.file.name}.new")
        beside.unlink(missing_ok=True)
        _write(beside, keys.text())
        beside.replace(self.file)
        _sync(self.file.parent)


def _write(file: Path, text: str) -> None:
    """A new file, readable by its owner alone."""
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w") as open_file:
        open_file.write(text)
        open_file.flush()
        os.fsync(number)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
