"""The engine: values in, result out. It knows no table, no HTTP, no clock and no log.

`propose` is the whole job; read matcher/engine.py first.
"""

from typing import TYPE_CHECKING, Any

VERSION = "0.1.0"

if TYPE_CHECKING:
    from matcher.assignment import assign
    from matcher.encode import EncodedOffers, encode_offers
    from matcher.engine import explain, nearly_possible, possible_offers, propose, suggest
    from matcher.errors import ProblemError, SolverError, TooLargeError
    from matcher.exclusion import exclusions
    from matcher.locks import without_faulty_locks
    from matcher.outlines import outline, points
    from matcher.problem import Problem
    from matcher.result import Explanation, Result
    from matcher.verification import verify

_HOME = {
    "EncodedOffers": "encode",
    "Explanation": "result",
    "Problem": "problem",
    "ProblemError": "errors",
    "Result": "result",
    "SolverError": "errors",
    "TooLargeError": "errors",
    "assign": "assignment",
    "encode_offers": "encode",
    "exclusions": "exclusion",
    "explain": "engine",
    "nearly_possible": "engine",
    "outline": "outlines",
    "points": "outlines",
    "possible_offers": "engine",
    "propose": "engine",
    "suggest": "engine",
    "verify": "verification",
    "without_faulty_locks": "locks",
}

__all__ = [
    "VERSION",
    "EncodedOffers",
    "Explanation",
    "Problem",
    "ProblemError",
    "Result",
    "SolverError",
    "TooLargeError",
    "assign",
    "encode_offers",
    "exclusions",
    "explain",
    "nearly_possible",
    "outline",
    "points",
    "possible_offers",
    "propose",
    "suggest",
    "verify",
    "without_faulty_locks",
]


def __getattr__(name: str) -> Any:
    """Load numpy, scikit-learn and the solver only when something of them is asked for."""
    if name not in _HOME:
        raise AttributeError(f"module 'matcher' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"matcher.{_HOME[name]}"), name)
