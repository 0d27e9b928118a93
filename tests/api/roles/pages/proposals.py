"""Proposals."""

from tests.api.roles import page

page("GET", "/proposals", rest=200, admin=403)
