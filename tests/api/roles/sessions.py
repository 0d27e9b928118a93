from tests.api.roles import row

row("GET", "/session", rest=200)
row("DELETE", "/session", rest=204)
