"""What tests do with pages: look, fill in forms and send them, as a browser would."""

import html
import re
from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient

ORIGIN = {"Origin": "https://testserver"}
"""What a browser says of where a form was sent from."""

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


def token(browser: TestClient) -> str:
    """The token of the forms of this browser's session."""
    return TOKEN.findall(browser.get("/sign-in").text)[0]


def sent(browser: TestClient, address: str, form: Mapping[str, Any], **headers: str) -> Any:
    """Send a form as its page would; redirections are not followed."""
    content = {"form_token": token(browser)} | form
    return browser.post(address, data=content, headers=ORIGIN | headers, follow_redirects=False)


def text_of(answer: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
