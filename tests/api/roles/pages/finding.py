"""Looking for occupations, for everybody who fills in a form."""

from tests.api.roles import page

page("POST", "/find/occupations", {"occupation_words": "baker"}, rest=200)
