"""People with access: admins for all, coordinators for those of their region."""

from api.database import transaction
from tests.api.alliance import Alliance
from tests.api.roles import NO_OFFICE, page


def a_tutor(alliance: Alliance) -> dict[str, object]:
    """The account of a tutor who can be invited."""
    tutor = alliance.users["tutor"]
    with transaction(alliance.engine) as session:
        session.get_one(type(tutor), tutor.id).email = "tutor@example.org"
    return {"account_id": tutor.id, "version": 2, "centre_id": tutor.centre_id}


def a_new_one(named: dict[str, object]) -> dict[str, object]:
    return {"role": "centre", "scope_id": str(named["centre_id"]), "name": "Tiina",
            "email": "tiina@example.org", "language": "fi"}  # fmt: skip


SEEN = NO_OFFICE | {"admin": 200}
ELSEWHERE = {"hosting": 404, "stranger": 404}
page("GET", "/accounts", before=a_tutor, rest=200, **SEEN)
page("GET", "/accounts/new", before=a_tutor, rest=200, **SEEN)
page("POST", "/accounts", a_new_one, before=a_tutor, rest=303,
     **NO_OFFICE | {"admin": 303, "hosting": 422, "stranger": 422})  # fmt: skip
page("GET", "/accounts/{account_id}", before=a_tutor, rest=200, **SEEN, **ELSEWHERE)
page("POST", "/accounts/{account_id}/invitation", {}, before=a_tutor, rest=200,
     **SEEN, **ELSEWHERE)  # fmt: skip
page("POST", "/accounts/{account_id}/sessions/end", before=a_tutor, rest=303,
     **NO_OFFICE | {"admin": 303}, **ELSEWHERE)  # fmt: skip
page("POST", "/accounts/{account_id}/second-step/end", before=a_tutor, rest=303,
     **NO_OFFICE | {"admin": 303}, **ELSEWHERE)  # fmt: skip
page("POST", "/accounts/{account_id}/end", lambda named: {"version": str(named["version"])},
     before=a_tutor, rest=303, **NO_OFFICE | {"admin": 303}, **ELSEWHERE)  # fmt: skip
