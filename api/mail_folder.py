"""Messages as files, for as long as no mail server is set: one file each, whole or not at all."""

import os
from pathlib import Path


def write_file(folder: Path, name: str, content: bytes) -> None:
    """Write a file that only this account of the machine reads; the same name again replaces it.

    Raises OSError where the folder cannot be written to.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = folder / f".{name}.part"
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / name)
