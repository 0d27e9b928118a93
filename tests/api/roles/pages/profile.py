"""The own profile and the own needs: for apprentices alone."""

from tests.api.roles import page

APPRENTICES = {"rest": 403, "aino": 200, "eetu": 200}

page("GET", "/profile", **APPRENTICES)
page("GET", "/profile/{name}", before=lambda _: {"name": "when"}, **APPRENTICES)
page("POST", "/profile/{name}", {"email": "a@example.org", "version": 1},
     before=lambda _: {"name": "about"}, rest=403, aino=303, eetu=303)  # fmt: skip
page("GET", "/needs", **APPRENTICES)
page("POST", "/needs", {"need": "QUIET_SPACE", "strength": "soft", "version": 0},
     rest=403, aino=303, eetu=303)  # fmt: skip
page("POST", "/needs/sex", {"sex": "female", "version": 0}, rest=403, aino=303, eetu=303)
page("POST", "/needs/take-back", {"need": "QUIET_SPACE", "version": 0},
     rest=403, aino=303, eetu=303)  # fmt: skip
