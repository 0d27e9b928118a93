"""The document of the API: what FastAPI knows of the routes, and how each of them refuses."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.errors import every_error
from api.refusals import MEDIA_TYPE, TITLES

Operation = dict[str, Any]

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What is refused and why (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Stays the same."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do."},
        "faults": {"type": "array", "description": "What is wrong, each with its place.",
                   "items": {"type": "object"}},
        "rules": {"type": "array", "items": {"type": "string"},
                  "description": "The hard rules that refuse."},
        "warnings": {"type": "array", "items": {"type": "string"},
                     "description": "What a reason can override."},
        "problems": {"type": "array", "description": "What is wrong with a file, row by row.",
                     "items": {"type": "object"}},
        "total": {"type": "integer", "description": "How many problems there are, named or not."},
        "what": {"type": "string", "description": "What is gone."},
    },
}  # fmt: skip


def _sends(operation: Operation) -> bool:
    return "requestBody" in operation


def _sends_files(operation: Operation) -> bool:
    content = operation.get("requestBody", {}).get("content", {})
    return bool(content) and "application/json" not in content


def _rests_on_a_version(operation: Operation) -> bool:
    return any(one["name"] == "if-match" for one in operation.get("parameters", ()))


def _takes_values(operation: Operation) -> bool:
    return _sends(operation) or bool(operation.get("parameters"))


def _is_signed(operation: Operation) -> bool:
    return "security" in operation


def _changes(operation: Operation) -> bool:
    return bool(operation["method"] != "get")


def _every(_: Operation) -> bool:
    return True


REFUSES: tuple[tuple[Callable[[Operation], bool], tuple[int, ...]], ...] = (
    (_every, (429, 503)),
    (_is_signed, (401, 403)),
    (_takes_values, (404, 409, 422)),
    (_sends, (400, 408, 413)),
    (_sends_files, (415,)),
    (_changes, (401, 403, 409, 410)),
    (_rests_on_a_version, (412, 428)),
)
"""Which routes can refuse with which status."""


def document(app: FastAPI) -> dict[str, Any]:
    """The document in OpenAPI 3.1, made once."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, routes=app.routes,
            summary="Matches vocational apprentices with companies abroad.",
            description=__doc__,
        )  # fmt: skip
        app.openapi_schema = _with_refusals(found)
    return app.openapi_schema


def _with_refusals(found: dict[str, Any]) -> dict[str, Any]:
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    found["components"]["responses"] = {f"Refused{status}": _response(status) for status in TITLES}
    for path in found["paths"].values():
        for method, operation in path.items():
            operation.setdefault("responses", {}).pop("422", None)
            asked = operation | {"method": method}
            statuses = {one for does, some in REFUSES if does(asked) for one in some}
            for status in sorted(statuses):
                reference = {"$ref": f"#/components/responses/Refused{status}"}
                operation["responses"][str(status)] = reference
    return found


def _response(status: int) -> dict[str, Any]:
    kinds = sorted(kind for one, kind in _kinds() if one == status)
    first = kinds[0] if kinds else "refused"
    told = f"{TITLES[status]}. " + ", ".join(f"`urn:doallvet:{kind}`" for kind in kinds)
    example = {"type": f"urn:doallvet:{first}", "title": TITLES[status], "status": status,
               "detail": "What happened, and what to do."}  # fmt: skip
    return {
        "description": told.strip(),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"},
                                 "example": example}},
    }  # fmt: skip


EDGE = (
    (400, "broken-json"), (404, "no-such-page"), (408, "too-slow"), (409, "changed-meanwhile"),
    (413, "too-large"), (422, "faulty-request"), (503, "busy"), (503, "database"),
    (503, "no-room"), (500, "unforeseen"),
)  # fmt: skip
"""What is refused before a service is asked."""


def _kinds() -> set[tuple[int, str]]:
    return {*EDGE, *((one.status, one.kind) for one in every_error())}
