"""The table of routes of docs/api.md, from the document of the API.

`python -m tests.api.route_table` writes it anew.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from api.main import create_app

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
HEADING = "## Every route\n"
PREFIX = "/api/v1"


def table(document: dict[str, Any]) -> str:
    """Every route with the first sentence of what it does, in the document's order."""
    lines = ["| | | |", "|---|---|---|"]
    for path, operations in document["paths"].items():
        for method, one in operations.items():
            first = " ".join(one["description"].split("\n\n")[0].split())
            lines.append(f"| {method.upper()} | `{path.removeprefix(PREFIX)}` | {first} |")
    return "\n".join(lines) + "\n"


def page_with(document: dict[str, Any]) -> str:
    """The page with the table of this document."""
    kept = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
    return f"{kept}{HEADING}\n{table(document)}"


if __name__ == "__main__":
    PAGE.write_text(page_with(create_app(create_engine("sqlite://")).openapi()), encoding="utf-8")
