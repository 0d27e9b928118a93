"""The status machine, every cell."""

import itertools

import pytest

from api.statuses import SERVICE, TRANSITIONS, Actor, Event, after
from models import Party, ProposalStatus

ACTORS: tuple[Actor, ...] = (*Party, SERVICE)

GRID = """
            sending_coordinator hosting_coordinator apprentice guardian employer company service
proposed
  approve   proposed            proposed            -          -        -        -       -
  refuse    rejected            rejected            -          -        -        -       -
  ask       -                   -                   -          -        -        -       asked
  move      proposed            proposed            -          -        -        -       -
  reask     -                   -                   -          -        -        -       proposed
  keep      proposed            proposed            -          -        -        -       -
  withdraw  withdrawn           withdrawn           -          -        -        -       -
  replace   -                   -                   -          -        -        -       replaced
  hold      -                   -                   -          -        -        -       on_hold
asked
  approve   asked               asked               asked      asked    asked    asked   -
  refuse    rejected            rejected            declined   declined declined declined -
  complete  -                   -                   -          -        -        -       agreed
  move      asked               asked               -          -        -        -       -
  reask     -                   -                   -          -        -        -       asked
  extend    asked               asked               -          -        -        -       -
  pause     -                   -                   -          -        -        asked   -
  resume    asked               asked               -          -        -        -       -
  withdraw  withdrawn           withdrawn           -          -        -        -       -
  expire    -                   -                   -          -        -        -       expired
  hold      -                   -                   -          -        -        -       on_hold
agreed
  refuse    -                   -                   declined   declined declined declined -
  book      placement           -                   -          -        -        -       -
  move      asked               asked               -          -        -        -       -
  reask     -                   -                   -          -        -        -       asked
  withdraw  withdrawn           withdrawn           -          -        -        -       -
  hold      -                   -                   -          -        -        -       on_hold
on_hold
  refuse    rejected            rejected            declined   declined declined declined -
  move      on_hold             on_hold             -          -        -        -       -
  reask     -                   -                   -          -        -        -       on_hold
  withdraw  withdrawn           withdrawn           -          -        -        -       -
  release   -                   -                   -          -        -        -       proposed
placement
rejected
  undo      proposed            proposed            -          -        -        -       -
declined
expired
withdrawn
replaced
"""
"""Who may do what, as people read it; what is not written is refused."""


def grid() -> dict[tuple[str, str, str], str]:
    lines = [line for line in GRID.splitlines() if line]
    actors = lines[0].split()
    cells: dict[tuple[str, str, str], str] = {}
    status = ""
    for line in lines[1:]:
        if not line.startswith(" "):
            status = line.strip()
            continue
        event, *following = line.split()
        for actor, then in zip(actors, following, strict=True):
            if then != "-":
                cells[status, event, actor] = then
    return cells


@pytest.mark.parametrize("status", ProposalStatus)
def test_every_cell_of_the_machine_is_as_people_read_it(status: ProposalStatus) -> None:
    written = grid()
    for event, actor in itertools.product(Event, ACTORS):
        expected = written.get((str(status), str(event), str(actor)))
        assert after(status, event, actor) == expected, (status, event, actor)


def test_the_grid_names_every_status_and_event_and_nothing_else() -> None:
    written = grid()
    assert {e for _, e, _ in written} == {str(e) for e in Event}
    assert {a for _, _, a in written} == {str(a) for a in ACTORS}
    assert len(written) == len(TRANSITIONS)
    heads = [line for line in GRID.splitlines() if line and not line.startswith(" ")]
    assert heads == [str(s) for s in (
        "proposed", "asked", "agreed", "on_hold", "placement", "rejected", "declined",
        "expired", "withdrawn", "replaced",
    )]  # fmt: skip
    assert set(heads) == {str(s) for s in ProposalStatus}
