"""What somebody does on a page before it is looked at."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from api.language import Language
from tests.api.second import PASSWORD
from tests.api.test_import_routes import OFFER
from tests.sheets import csv_of

Deed = Callable[[Page, Language], None]

MANY = 7
"""One more than feedback may be sent from one address in a quarter of an hour."""


def look(_page: Page, _language: Language) -> None:
    """Nothing."""


def send_first(page: Page, _language: Language) -> None:
    """The first form of the page as it stands."""
    page.locator("main form button:visible").first.click()
    page.wait_for_load_state()


def send_anyway(page: Page, _language: Language) -> None:
    """The last form with fields, empty, though the browser would stop it: faults stand there."""
    _send_empty(page, -1)


def send_first_anyway(page: Page, _language: Language) -> None:
    """The first one."""
    _send_empty(page, 0)


def _send_empty(page: Page, number: int) -> None:
    page.evaluate(
        """(number) => {
          const typed = 'input:not([type=hidden]), textarea, select';
          const forms = [...document.querySelectorAll('main form')];
          const form = forms.filter((one) => one.querySelector(typed)).at(number);
          form.noValidate = true;
          for (const one of form.querySelectorAll(typed)) {
            if (one.type === 'checkbox' || one.type === 'radio') one.checked = false;
            else one.value = '';
          }
          form.requestSubmit([...form.querySelectorAll('button:not([hidden])')].at(-1));
        }""",
        number,
    )
    expect(page.locator("[aria-invalid=true], #faults").first).to_be_visible()


def send_stale(page: Page, _language: Language) -> None:
    """A form that was opened before somebody else changed the case."""
    page.evaluate("for (const one of document.querySelectorAll('[name=version]')) one.value = '1'")
    send_first(page, _language)


def send_forged(page: Page, language: Language) -> None:
    """A form of another session."""
    page.evaluate("for (const one of document.forms) one.elements.form_token.value = 'abcd'")
    page.locator("main form textarea").fill("x")
    send_first(page, language)


def send_too_often(page: Page, language: Language) -> None:
    told = language.phrase("Too many tries")
    for _ in range(MANY):
        page.locator("main form textarea").fill("It flickers.")
        send_first(page, language)
        if page.get_by_role("heading", level=1).inner_text() == told:
            return
        page.goto("/accessibility")
    raise AssertionError("nobody stops it")


def say_yes(page: Page, language: Language) -> None:
    """Open a link, and agree."""
    send_first(page, language)
    page.locator("[name=answer][value=yes]").check()
    send_first(page, language)


def say_no_without_reason(page: Page, language: Language) -> None:
    """Open a link, and forget why not."""
    send_first(page, language)
    page.locator("[name=answer][value=no]").check()
    send_first(page, language)
    expect(page.locator("#faults")).to_be_visible()


def send_an_odd_file(page: Page, _language: Language) -> None:
    """A spreadsheet of which two cells are wrong."""
    content = csv_of([OFFER | {"title": None, "status": "publisht"}])
    page.locator("[name=files]").set_input_files(
        {"name": "offers.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.locator("[formaction='/imports/check']").click()
    expect(page.locator("#result table").first).to_be_visible()


def choose_weak_password(page: Page, language: Language) -> None:
    page.locator("[name=password]").fill("12345678")
    send_first(page, language)
    expect(page.locator("#faults")).to_be_visible()


def find_nothing(page: Page, _language: Language) -> None:
    page.locator("[name=occupation_words]").fill("xyzzyx")
    page.locator("[name=find]").click()
    expect(page.locator("#finder [role=status]")).to_be_visible()


def give_password(page: Page, language: Language) -> None:
    """Sign in as Aino, who has a second factor."""
    page.locator("[name=email]").fill("aino@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    send_first(page, language)


def give_wrong_code(page: Page, language: Language) -> None:
    """The same, and a code that is none."""
    give_password(page, language)
    page.locator("[name=code]").fill("x")
    send_first(page, language)
