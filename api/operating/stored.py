"""Checks of the database and its keys: reachable, of this release, whole, worked on."""

import datetime
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, select

import models
from api import audit_heads, chain, store
from api.database import transaction, without_password
from api.job_runs import QUIET
from api.operating.finding import Around, Finding, fault, ok, warning
from api.operating.means import means_of
from api.sealing import MasterKeysFaultyError, Vault
from api.sealing.key_store import keys_file
from api.services.settings import current
from models import migrations
from seed_data.tables import DEMO_DOMAIN

TRIED_FROM = {"sqlite": (3, 40), "postgresql": (15,)}
"""The oldest releases that it was tried with."""

LATE = datetime.timedelta(seconds=2)
WRONG = datetime.timedelta(seconds=30)
"""So far may the clock be from the database's: a warning, a fault."""


def database(around: Around) -> Iterator[Finding]:
    """Whether it answers, and which release it is."""
    kind, file = around.engine.dialect.name, around.engine.url.database
    if kind == "sqlite" and not Path(file or "").exists():
        yield fault(f"{file}: there is no such file", "Run doallvet migrate, or mend its address.")
        return
    with around.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        release = means_of(around.engine).version(connection)
    where = without_password(around.engine.url.render_as_string(hide_password=False))
    told = f"{kind} {release} at {where}"
    numbers = tuple(int(n) for n in release.split()[0].split(".") if n.isdecimal())
    if numbers < TRIED_FROM[kind]:
        oldest = ".".join(map(str, TRIED_FROM[kind]))
        yield warning(told, f"It was tried with {oldest} and newer alone; take a newer one.")
    elif kind == "sqlite" and around.in_production:
        yield warning(told, "Take PostgreSQL where several processes serve many people.")
    else:
        yield ok(told)


def tables(around: Around) -> Iterator[Finding]:
    """Whether the tables are those of this release."""
    state = migrations.state(around.engine)
    if state.up_to_date:
        yield ok(f"at {state.current}")
    elif state.current not in migrations.revisions():
        yield fault(
            f"at {state.current}, which this release does not know",
            "A newer release made them: install that one again.",
        )
    else:
        yield fault(
            f"at {state.current or 'none'}, this release wants {state.newest}",
            "Take a backup, stop the service, run doallvet migrate.",
        )


def demo_accounts(around: Around) -> Iterator[Finding]:
    """Whether somebody gets in with the password that stands in the manual."""
    with transaction(around.engine, writes=False) as session:
        there = store.accounts.any_at(session, DEMO_DOMAIN)
    if there and around.in_production:
        yield fault(
            "demo accounts are in it, whose password everybody knows",
            "Begin with an empty database; the service refuses to start with this one.",
        )
    elif there:
        yield ok("demo accounts are in it, for trying out")
    else:
        yield ok("no demo accounts")


def keys(around: Around) -> Iterator[Finding]:
    """Whether the master key is there, opens what is stored, and is nobody else's to read."""
    vault: Vault = around.engine.get_execution_options()["vault"]
    there = vault.store.count()
    with transaction(around.engine, writes=False) as session:
        position, _ = chain.head(session)
    if position and not there:
        yield fault(
            "the key store is missing beside sealed rows",
            "Put back the newest one (NAME.keys.db, or the schema doallvet_keys).",
        )
        return
    try:
        if there:
            vault.check_masters()
        else:
            vault.source.read()
    except MasterKeysFaultyError as error:
        state = warning if not there else fault
        yield state(str(error), "Put the right master key back; docs/privacy.md says how.")
        return
    wrapped_by = vault.store.masters() if there else {}
    if len(wrapped_by) > 1:
        yield warning("a change of the master key was broken off", "Run doallvet keys rotate.")
    yield ok(f"the master key opens the {there} keys that are stored")
    yield from _modes(around, vault)


def _modes(around: Around, vault: Vault) -> Iterator[Finding]:
    files = [] if vault.source.text or vault.source.file is None else [vault.source.file]
    if vault.store.is_file:
        files.append(Path(keys_file(around.engine.url.database)))
    for file in files:
        if file.exists() and file.stat().st_mode & 0o077:
            yield fault(f"{file}: others may read it", f"chmod 600 {file}")


def clock(around: Around) -> Iterator[Finding]:
    """Whether the clock is that of the database, and did not go back."""
    if around.engine.dialect.name == "postgresql":
        with around.engine.connect() as connection:
            there = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        yield _off(abs(datetime.datetime.now(datetime.UTC) - there), "the database's clock")
    with transaction(around.engine, writes=False) as session:
        newest = session.exec(
            select(models.AuditEvent.created_at)
            .order_by(col(models.AuditEvent.position).desc()).limit(1)
        ).first()  # fmt: skip
    ahead = newest - around.now if newest is not None else datetime.timedelta()
    if ahead > LATE:
        yield _off(ahead, "the last event of the audit, which is later")
    else:
        yield ok(f"it is {around.now:%Y-%m-%d %H:%M:%S} UTC")


def _off(by: datetime.timedelta, what: str) -> Finding:
    told = f"{by.total_seconds():.1f} seconds apart from {what}"
    do = "Let a time service (systemd-timesyncd, chrony) set the clocks of all machines."
    if by > WRONG:
        return fault(told, do)
    return warning(told, do) if by > LATE else ok(told)


def time_zones(around: Around) -> Iterator[Finding]:
    """Whether every time zone that is used is known here."""
    with transaction(around.engine, writes=False) as session:
        used = set(session.exec(select(models.Region.time_zone)))
        schedule = current(session)["schedule"]
    used |= {"Europe/Brussels", *([schedule["time_zone"]] if schedule else [])}
    unknown = sorted(name for name in used if not _is_zone(name))
    if unknown:
        yield fault(
            f"{', '.join(unknown)} is not known", "Install the package tzdata, or mend the region."
        )
    else:
        yield ok(f"known: {', '.join(sorted(used))}")


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def worker(around: Around) -> Iterator[Finding]:
    """Whether somebody does what is due by time, and what failed last."""
    with transaction(around.engine, writes=False) as session:
        runs = store.job_runs.every(session)
    do = "Start doallvet worker, or doallvet serve without --no-scheduler; read its log."
    if not runs:
        yield fault("nobody did what is due yet", do)
        return
    last = max(runs, key=lambda run: run.began_at)
    ago = around.now - last.began_at
    told = f"{last.worker} leads; it looked {ago.total_seconds():.0f} seconds ago"
    yield fault(told, do) if ago > QUIET else ok(told)
    for run in runs:
        if run.failure:
            when = f"{run.done_at:%Y-%m-%d %H:%M}" if run.done_at else "never"
            yield fault(
                f"{run.name} fails ({run.failure}); it went well last: {when}",
                "Look for due.failed in the log of the worker.",
            )


def audit(around: Around) -> Iterator[Finding]:
    """Whether an event was changed, taken out, or cut off."""
    file = Path(around.settings.audit_heads)
    recorded: list[chain.Head] = []
    try:
        recorded = audit_heads.read(file)
    except OSError:
        yield warning(
            f"{file}: no head is written down yet; what is cut off at the end is not seen",
            "A worker writes one each day.",
        )
    except ValueError as error:
        yield fault(str(error), "Put the file back as it was.")
    with transaction(around.engine, writes=False) as session:
        position, _ = chain.head(session)
        faults = chain.verify(session, recorded)
    for one in faults:
        yield fault(one, "Stop the service, keep everything as it is, and find out who did it.")
    if not faults:
        yield ok(f"whole: {position} events, {len(recorded)} recorded heads")
