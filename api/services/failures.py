"""Why a round failed: kept as faults, said in the language of who reads it."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError

import matcher
from api.faults import Fault, fault, of_engine, of_value, packed, unpacked
from api.language import Language
from matcher.faults import Fault as EngineFault
from matcher.faults import written

MOST_LETTERS = 2000
"""So long is what the row of a round keeps."""

OF_PERSONS = frozenset({"birth_order", "no_day", "period_order"})
"""Kinds of the engine that repeat days of a person's life; they are left out."""


def of_promises(broken: Sequence[str]) -> list[Fault]:
    """The promises that a result breaks, by their ids."""
    return [fault(f"promise.{identity}") for identity in broken]


def of_error(error: Exception) -> list[Fault]:
    """Why the engine cannot work: places in the problem, never people."""
    if isinstance(error, matcher.SolverError):
        return [fault("solver", status=error.status)]
    if isinstance(error, matcher.TooLargeError):
        return [fault("sums_too_large", largest=error.largest, nodes=error.nodes)]
    if isinstance(error, ValidationError):
        return list(_of_values(error))
    return [fault("engine_refuses")]


def _of_values(error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors(include_url=False, include_input=False):
        if detail["type"] == "inconsistent":
            yield from _placed(detail["ctx"]["faults"])
            continue
        refused = detail["type"] in OF_PERSONS
        told = fault("engine_refuses") if refused else of_value(detail)
        yield fault("at", place=f"{error.title}{written(('', *detail['loc']))}", fault=told)


def _placed(found: Sequence[EngineFault]) -> Iterator[Fault]:
    for one in found:
        yield fault("at", place=written(one.place), fault=of_engine(one))


def kept(faults: Sequence[Fault]) -> str:
    """What the row of a round keeps of its failure."""
    return packed(faults, MOST_LETTERS)


def told(failure: str, language: Language) -> str:
    """Why a round failed, a line each; empty where it did not. Older rows hold English lines."""
    try:
        faults = unpacked(failure) if failure else []
    except ValueError:
        return failure
    except KeyError:
        faults = [fault("engine_refuses")]
    return "\n".join(one.line(language) for one in faults)
