"""Whether everything is well, and what to do where it is not: a table of checks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.operating import stored, surroundings
from api.operating.finding import Around, Check, Finding, Needs, State, fault

CHECKS: tuple[Check, ...] = (
    Check("names of settings", surroundings.names),
    Check("settings", surroundings.values),
    Check("pages", surroundings.pages),
    Check("messages", surroundings.messages),
    Check("mail folder", surroundings.mail_folder),
    Check("heads of the audit", surroundings.audit_heads),
    Check("disk", surroundings.disk),
    Check("backups", surroundings.backups),
    Check("database", stored.database),
    Check("tables", stored.tables, Needs.DATABASE),
    Check("demo accounts", stored.demo_accounts, Needs.TABLES),
    Check("keys", stored.keys, Needs.TABLES),
    Check("clock", stored.clock, Needs.TABLES),
    Check("time zones", stored.time_zones, Needs.TABLES),
    Check("worker", stored.worker, Needs.TABLES),
    Check("audit", stored.audit, Needs.TABLES),
)
"""In the order in which they are told. One that needs something comes after what it needs."""

GIVES = {"database": Needs.DATABASE, "tables": Needs.TABLES}
"""What is well after these went well."""


@dataclass(frozen=True)
class Told:
    """A finding and the check that it is of."""

    check: str
    finding: Finding


def examine(around: Around, checks: Sequence[Check] = CHECKS) -> Iterator[Told]:
    """Everything that is found; a check that breaks is a fault itself, and the others go on."""
    well = Needs.NOTHING
    for check in checks:
        if check.needs > well:
            continue
        found = _look(check, around)
        yield from (Told(check.name, one) for one in found)
        if all(one.state != State.FAULT for one in found):
            well = max(well, GIVES.get(check.name, Needs.NOTHING))


def _look(check: Check, around: Around) -> list[Finding]:
    try:
        return list(check.look(around))
    except Exception as error:  # whatever is wrong, it is told and the others are looked at
        cause = getattr(error, "orig", None) or error
        first = (str(cause).strip().splitlines() or [""])[0]
        return [fault(
            f"cannot be looked at: {first or type(cause).__name__}",
            DO.get(check.name, "Mend what it says, and look again."),
        )]  # fmt: skip


DO = {"database": "Look whether it runs, and whether DOALLVET_DATABASE is right."}
"""What helps where a check breaks."""


def worst(told: Sequence[Told]) -> State:
    """How it stands as a whole."""
    order = list(State)
    return max((one.finding.state for one in told), key=order.index, default=State.OK)
