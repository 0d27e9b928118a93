"""A backup: the database in one folder, the keys in another, each with a page about itself.

The database is taken first and the keys after it: keys that are newer than the database open it.
"""

import datetime
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func
from sqlmodel import col, select

import models
from api import chain
from api.database import transaction
from api.operating import answers, ledger
from api.operating.manifest import BackupFaultyError, Contents, Manifest, described
from api.operating.means import means_of
from api.sealing import Vault
from models import migrations

FOLDER = re.compile(r"doallvet-(\d{8}T\d{6}Z)(-keys)?")
"""How the folder of a backup is called."""

STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Made:
    """What was made. `changed` tells that somebody worked meanwhile: answers were not kept."""

    folder: Path
    keys: Path | None
    manifest: Manifest
    erased: int
    deleted: tuple[Path, ...]
    changed: bool


def backup(
    engine: Engine, to: Path, now: datetime.datetime, release: str, *,
    keys: Path | None = None, keep_days: int | None = None, keep_keys_days: int = 7,
    with_answers: bool = False,
) -> Made:  # fmt: skip
    """Back a database up while the service runs.

    `keys` is where its key store goes: not below `to`, since both are kept differently long.
    Key stores older than `keep_keys_days` are deleted, databases older than `keep_days`. The
    ledger of erasures stands in `to`, beside all backups, and only grows.

    Raises BackupFaultyError, OSError.
    """
    if keys is not None and _within(keys, to):
        raise BackupFaultyError(
            f"--keys {keys}: lies with the backups of the database; the keys open them, so give a"
            " folder elsewhere"
        )
    told, events = _answers(engine, now) if with_answers else (None, 0)
    taken = means_of(engine)
    folder = to / f"doallvet-{now:{STAMP}}"
    found = _store(
        engine, folder, "database", now, release, told,
        lambda part: taken.take(engine, part / taken.DATABASE),
    )  # fmt: skip
    changed = told is not None and found.contents.audit_position != events
    if changed:
        found = found.model_copy(update={"answers": None})
        found.write(folder)
    beside = None
    if keys is not None:
        beside = keys / f"{folder.name}-keys"
        _store(
            engine, beside, "keys", now, release, None,
            lambda part: taken.take_keys(engine, part / taken.KEYS),
        )  # fmt: skip
    vault: Vault = engine.get_execution_options()["vault"]
    erased = ledger.add(to / ledger.NAME, vault.store.erased())
    deleted = [
        *(_delete_old(to, now, keep_days) if keep_days is not None else ()),
        *(_delete_old(keys, now, keep_keys_days) if keys is not None else ()),
    ]
    return Made(folder, beside, found, erased, tuple(deleted), changed)


def _within(folder: Path, other: Path) -> bool:
    one, two = folder.resolve(), other.resolve()
    return one.is_relative_to(two) or two.is_relative_to(one)


def _answers(engine: Engine, now: datetime.datetime) -> tuple[dict[str, str], int]:
    """What the service answers, and the last event if nobody but these questions made one."""
    with transaction(engine, writes=False) as session:
        before, _ = chain.head(session)
    told = answers.digests(engine, now)
    with transaction(engine, writes=False) as session:
        own = session.exec(
            select(func.count()).where(
                col(models.AuditEvent.position) > before,
                col(models.AuditEvent.request_id) == answers.REQUEST,
            )
        ).one()
    return told, before + own


def _store(
    engine: Engine, folder: Path, part: str, now: datetime.datetime, release: str,
    told: dict[str, str] | None, take: Callable[[Path], Contents],
) -> Manifest:  # fmt: skip
    """All of a backup, or nothing under its name."""
    if folder.exists():
        raise BackupFaultyError(f"{folder}: is there already")
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)
    try:
        contents = take(unfinished)
        (file,) = unfinished.iterdir()
        with engine.connect() as connection:
            release_of_engine = means_of(engine).version(connection)
            state = migrations.state_on(connection)
        made = Manifest(
            part=part, made_at=now, release=release, engine=engine.dialect.name,
            engine_version=release_of_engine, migration=state.current, keys=_count_keys(engine),
            file=described(file), contents=contents, answers=told,
        )  # fmt: skip
        made.write(unfinished)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return made


def _count_keys(engine: Engine) -> int:
    vault: Vault = engine.get_execution_options()["vault"]
    return vault.store.count()


def backups_in(folder: Path) -> list[tuple[datetime.datetime, Path]]:
    """The finished backups of a folder, the oldest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        name = FOLDER.fullmatch(path.name)
        if name and path.is_dir():
            at = datetime.datetime.strptime(name[1], STAMP).replace(tzinfo=datetime.UTC)
            found.append((at, path))
    return sorted(found)


def _delete_old(folder: Path, now: datetime.datetime, days: int) -> list[Path]:
    last = now - datetime.timedelta(days=days)
    old = [path for at, path in backups_in(folder) if at < last]
    for path in old:
        shutil.rmtree(path)
    return old
