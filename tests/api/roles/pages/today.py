"""Today, for everybody who has something that waits."""

from tests.api.roles import page

page("GET", "/today", rest=200, admin=303)
page("POST", "/sign-out", {}, rest=303)
