"""Putting a backup back: nothing is touched before everything was looked at.

Who was erased since is forgotten first, before the database is there: whatever begins to serve
then, erases them again.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import col, select

import models
from api import chain, store
from api.database import the_service, transaction
from api.operating import answers, ledger
from api.operating.manifest import BackupFaultyError, Contents, Manifest
from api.operating.means import Means, means_of
from api.sealing import SERVICE, MasterKeysFaultyError, Vault
from api.sealing.vault import AUDIT
from api.services import erasing
from models import migrations


@dataclass(frozen=True)
class Looked:
    """One thing that was looked at afterwards; `ok` is None where it could not be."""

    what: str
    ok: bool | None
    told: str


@dataclass(frozen=True)
class Wanted:
    """What is put back, and what stands in the way is told of beforehand."""

    folder: Path
    keys: Path | None = None
    erasures: Path | None = None
    replace: bool = False


def restore(engine: Engine, wanted: Wanted) -> list[Looked]:
    """Put a backup back and look at it. Raises BackupFaultyError, MasterKeysFaultyError."""
    put = means_of(engine)
    page = _manifest(engine, wanted.folder, "database")
    keys_page = _manifest(engine, wanted.keys, "keys") if wanted.keys is not None else None
    vault: Vault = engine.get_execution_options()["vault"]
    _refuse_full(engine, put, wanted)
    erased = _erased(vault, wanted)
    _refuse_keys(vault, page, wanted)

    if keys_page is not None and wanted.keys is not None:
        vault.store.engine.dispose()
        put.put_keys(engine, wanted.keys / keys_page.file.name)
        vault.look_again()
    vault.ready()
    for person, at in erased.items():
        vault.forget(person, at)
    put.put(engine, wanted.folder / page.file.name)
    engine.dispose()
    vault.look_again()
    looked = [*_as_stored(put.contents(engine), page)]
    migrations.upgrade(engine)
    vault.ready()
    again = erasing.replay(engine, the_service)
    erasing.scrub(engine, lambda: the_service().now)
    looked.append(Looked("erasures", True, f"{again} people were erased again"))
    looked += [_chain(engine), _keys(engine, vault), _answers(engine, page, again)]
    return looked


def _manifest(engine: Engine, folder: Path, part: str) -> Manifest:
    page = Manifest.read(folder, part)
    if page.engine != engine.dialect.name:
        raise BackupFaultyError(
            f"{folder}: is of {page.engine}, and the database is {engine.dialect.name}"
        )
    if page.migration not in migrations.revisions():
        raise BackupFaultyError(
            f"{folder}: its tables ({page.migration}) are those of a newer release"
            f" ({page.release}); install that one"
        )
    return page


def _refuse_full(engine: Engine, put: Means, wanted: Wanted) -> None:
    if put.is_empty(engine):
        return
    if not wanted.replace:
        raise BackupFaultyError(
            "database: is not empty; --replace puts the backup in its place, and what is there"
            " now is gone then"
        )
    if put.in_use(engine):
        raise BackupFaultyError("database: somebody works on it; stop the service first")


def _erased(vault: Vault, wanted: Wanted) -> ledger.Ledger:
    """Everybody of whom anything says that they were erased: the keys here, the ledger."""
    file = wanted.erasures
    beside = wanted.folder.absolute().parent / ledger.NAME
    if file is None and beside.exists():
        file = beside
    if file is None and wanted.keys is not None:
        raise BackupFaultyError(
            f"--keys: an older key store has the keys of people who were erased since; give the"
            f" ledger with --erasures, or put it at {beside} (an empty file if nobody ever was)"
        )
    known = dict(vault.store.erased())
    try:
        return known | (dict(ledger.read(file)) if file is not None else {})
    except (OSError, ValueError) as error:
        raise BackupFaultyError(f"{file}: is no ledger of erasures ({error})") from None


def _refuse_keys(vault: Vault, page: Manifest, wanted: Wanted) -> None:
    there = vault.store.count()
    if wanted.keys is None and not there and page.keys:
        raise BackupFaultyError(
            "keys: there are none here, and without them nothing sealed opens; put the newest key"
            " store beside the database, or name its backup with --keys"
        )
    if wanted.keys is not None and there and not wanted.replace:
        raise BackupFaultyError(
            "--keys: there is a key store here already; the newest one is the right one. Leave"
            " --keys out, or --replace it"
        )
    if wanted.keys is not None or there:
        vault.source.read()  # without the master key nothing is touched


def _as_stored(found: Contents, page: Manifest) -> list[Looked]:
    kept = page.contents
    wrong = sorted(
        name for name in found.rows.keys() | kept.rows.keys()
        if found.rows.get(name) != kept.rows.get(name)
    )  # fmt: skip
    count = sum(found.rows.values())
    rows = f"{count} rows in {len(found.rows)} tables, as many as were stored"
    if wrong:
        rows = f"not as many as were stored in {', '.join(wrong)}"
    here, stored = (
        (one.audit_position, one.audit_mac) for one in (found, kept)
    )  # fmt: skip
    head = f"event {stored[0]}" if here == stored else "is not the one that was stored"
    return [Looked("rows", not wrong, rows), Looked("audit head", here == stored, head)]


def _chain(engine: Engine) -> Looked:
    with transaction(engine, writes=False) as session:
        position, _ = chain.head(session)
        faults = chain.verify(session)
    return Looked("audit", not faults, "; ".join(faults) or f"whole: {position} events")


def _keys(engine: Engine, vault: Vault) -> Looked:
    """Every key opens with the master key, and nobody with something sealed lacks one."""
    try:
        owners = vault.store.owners()
        opened = vault.keys(owners)
    except MasterKeysFaultyError as error:
        return Looked("keys", False, str(error))
    with transaction(engine, writes=False) as session:
        sealed = set(session.exec(select(col(models.SupportNeeds.apprentice_id)).distinct()))
        events, _ = chain.head(session)
        gone = {row.apprentice_id for row in store.rows.every(session, models.Erasure)}
    wanted = sealed | ({SERVICE, AUDIT} if events else set())
    lacking = len(wanted - opened.keys() - gone)
    if lacking:
        return Looked(
            "keys", False,
            f"{lacking} owners of sealed rows have none: the key store is older than the database",
        )  # fmt: skip
    return Looked("keys", True, f"all {len(opened)} open")


def _answers(engine: Engine, page: Manifest, erased_again: int) -> Looked:
    if page.answers is None:
        return Looked("answers", None, "not kept in this backup (doallvet backup --answers)")
    if erased_again or page.migration != migrations.state(engine).current:
        return Looked("answers", None, "cannot be the same: people were erased again, or the"
                      " tables are newer")  # fmt: skip
    found = answers.differences(page.answers, answers.digests(engine, page.made_at))
    if found:
        return Looked("answers", False, f"{len(found)} differ, the first is: {found[0]}")
    return Looked("answers", True, f"all {len(page.answers)} are the same as before")
