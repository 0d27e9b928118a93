"""Travel groups, for schools and sending coordinators."""

from typing import Any

from tests.api.roles import page
from tests.api.roles.groups import a_class
from tests.api.roles.pages.apprentices import NOT_OFFICE, SCHOOL


def one_alone(made: dict[str, object]) -> dict[str, Any]:
    return {"call": "2027", "name": "2B", "kind": "class", "members": [str(made["aino"])]}


def one_more(made: dict[str, object]) -> dict[str, Any]:
    return {"version": "1", "add": str(made["aino"])}


SEEN = {"version": "1"}
ONE = "/groups/{group_id}"

page("GET", "/groups", before=a_class, rest=200, **NOT_OFFICE)
page("GET", "/groups/new?call=2027", before=a_class, rest=200, **NOT_OFFICE)
page("POST", "/groups/new", one_alone, before=a_class, rest=303,
     **SCHOOL | {"hosting": 422, "stranger": 422})  # fmt: skip
page("GET", ONE, before=a_class, rest=200, **SCHOOL)
page("POST", ONE, SEEN | {"name": "2C"}, before=a_class, rest=303, **SCHOOL)
page("POST", f"{ONE}/members", one_more, before=a_class, rest=303, **SCHOOL)
page("POST", f"{ONE}/accompanying-persons", SEEN, before=a_class, rest=303, **SCHOOL)
page("POST", f"{ONE}/split", SEEN, before=a_class, rest=303, **SCHOOL)
