"""Every setting as a table in Markdown: the page on running the service has it."""

from api.settings import Settings

HEAD = "| variable | default | what it is |\n|---|---|---|\n"


def table() -> str:
    """All settings in the order in which they stand in the code."""
    rows = []
    for name, field in Settings.model_fields.items():
        meaning = " ".join((field.description or "").split())
        default = f"`{field.default}`" if field.default != "" else ""
        rows.append(f"| `DOALLVET_{name.upper()}` | {default} | {meaning} |\n")
    return HEAD + "".join(rows)
