"""Pages that name a row, or that stand in another way than on the demo's first day.

A page more is a row more: who looks, at which route, after what; what is done there first.
"""

from dataclasses import dataclass

from api.pages.offer_forms import STEPS
from api.pages.person_form import Section
from api.pages.setting_forms import EDITORS
from models import OfferStatus, Party, RoundStatus
from tests.api.roles import a_proposal
from tests.api.roles.apprentices import eetu_needing
from tests.api.roles.calls import the_call, the_draft
from tests.api.roles.companies import the_company
from tests.api.roles.consents import at_fifteen
from tests.api.roles.covers import two_coordinators
from tests.api.roles.decisions import a_placement, a_question, a_wish, abroad, withdrawn
from tests.api.roles.groups import a_class
from tests.api.roles.messages import lost, to_call
from tests.api.roles.offers import an_offer
from tests.api.roles.pages.accounts import a_tutor
from tests.api.roles.pages.cases import agreed, refused, wished
from tests.api.roles.pages.matchings import two_rounds
from tests.api.roles.pages.offers import with_company
from tests.api.roles.pages.unmatched import eetu_in_call
from tests.api.roles.provisions import unknown_provision
from tests.api.roles.rights import a_request
from tests.api.roles.rounds import a_round
from tests.browsers import deeds, states
from tests.browsers.deeds import Deed, look
from tests.browsers.states import Before, after, nothing, only_people, with_part


@dataclass(frozen=True)
class Row:
    """A page: who looks at a route, how things stand then, what is done there first.

    `shows` is the route on which the deed ends where it is another one. Rows of `often` are
    looked at in every run, in English; the others in each language with `make browsers`.
    """

    who: str | None
    path: str
    before: Before = nothing
    deed: Deed = look
    status: int = 200
    shows: str = ""
    often: bool = False

    @property
    def routes(self) -> set[str]:
        """The routes that it looks at."""
        return {one.partition("?")[0].partition("#")[0] for one in (self.path, self.shows) if one}

    def __str__(self) -> str:
        """What tells it from the others."""
        return f"{self.who}-{self.path}-{self.before.__name__}-{self.deed.__name__}"


CASE = "/proposals/{proposal_id}"
PERSON = "/apprentices/{apprentice_id}"
HOST = "/hosts/{company_id}"
OFFER = "/offers/{offer_id}"
STAY = "/placements/{placement_id}"
STEP = OFFER + "/steps/{step}"
MATCHING = "/matchings/{round_id}"


CASES = (
    Row("sending", CASE, a_proposal),
    Row("sending", CASE + "/rejection", a_proposal),
    Row("sending", "/messages", lost),
    Row("sending", "/messages", to_call, often=True),
    Row("sending", CASE, wished),
    Row("sending", CASE, after(1)),
    Row("hosting", CASE, after(1)),
    Row("aino", CASE, after(2), often=True),
    Row("tutor", CASE, after(2)),
    Row("hosting", CASE, after(2)),
    Row("company", CASE, after(3), often=True),
    Row("sending", CASE, after(3)),
    *(Row(who, CASE, a_question) for who in ("company", "hosting", "sending")),
    Row("sending", CASE, agreed, often=True),
    *(Row(who, CASE, agreed) for who in ("company", "aino", "hosting")),
    *(Row(who, CASE, a_placement) for who in ("sending", "hosting", "company", "aino", "tutor")),
    *(Row(who, CASE, refused) for who in ("sending", "hosting", "company", "aino")),
    *(Row(who, CASE, withdrawn) for who in ("sending", "company", "aino")),
    *(Row(who, CASE, states.expired) for who in ("sending", "hosting", "company")),
    *(Row(who, CASE, states.on_hold) for who in ("sending", "hosting", "company", "aino")),
    Row("sending", CASE, states.rejected),
    Row("sending", CASE, states.replaced),
    *(Row(who, CASE, states.of_a_child) for who in ("sending", "guardian", "eetu")),
    Row("sending", CASE, states.without_guardian),
    Row("sending", CASE, a_proposal, deeds.send_stale),
    Row("sending", CASE + "/others", a_proposal),
    *(Row(who, "/today", after(2)) for who in ("sending", "hosting", "aino")),
    *(Row(who, "/today", states.on_hold) for who in ("sending", "company")),
    *(Row(who, "/proposals", a_question) for who in ("hosting", "company")),
    Row("guardian", "/proposals", states.of_a_child),
    Row("sending", "/proposals?status=expired", a_proposal),
)  # fmt: skip

PEOPLE = (
    Row("sending", PERSON, eetu_needing),
    Row("tutor", PERSON, eetu_needing),
    Row("sending", PERSON, two_coordinators),
    *(Row("sending", f"{PERSON}/edit/{{section}}", with_part(eetu_needing, section=code))
      for code in Section),
    Row("sending", f"{PERSON}/edit/{{section}}", with_part(eetu_needing, section="person"),
        deeds.send_anyway),
    Row("sending", f"{PERSON}/guardians/new", eetu_needing),
    Row("sending", f"{PERSON}/guardians/new", eetu_needing, deeds.send_anyway),
    Row("sending", "/guardians/{guardian_id}", eetu_needing),
    Row("sending", f"{PERSON}/needs", unknown_provision),
    Row("sending", f"{PERSON}/needs", at_fifteen),
    Row("sending", f"{PERSON}/rights", a_request),
    Row("sending", f"{PERSON}/suggestions?call=2027", eetu_in_call),
    Row("sending", f"{PERSON}/suggestions/{{window_id}}?call=2027", eetu_in_call),
    Row("sending", "/enrolments/{enrolment_id}/withdrawal", the_call),
    Row("sending", "/apprentices/new", nothing, deeds.send_anyway),
    Row("sending", "/unmatched", two_rounds),
    Row("eetu", "/consents", at_fifteen),
    Row("guardian", "/consents", at_fifteen),
    Row("eetu", "/needs", at_fifteen),
    Row("eetu", "/needs", at_fifteen, deeds.send_first_anyway),
    Row("eetu", "/profile/{name}", with_part(nothing, name="about")),
    Row("aino", "/suggestions", after(2)),
    Row("aino", "/my-data", a_request),
)  # fmt: skip

HOSTS = (
    *(Row(who, HOST, the_company) for who in ("sending", "hosting", "company", "admin")),
    Row("hosting", HOST, two_coordinators),
    *(Row("company", f"{HOST}/{end}", with_company)
      for end in ("contact", "offers/new", "sites/new")),
    Row("hosting", f"{HOST}/contact", the_company, deeds.send_anyway),
    Row("hosting", f"{HOST}/sites/{{site_id}}", the_company),
    Row("hosting", "/hosts/new", nothing, deeds.send_anyway),
    *(Row(who, OFFER, an_offer) for who in ("sending", "hosting", "company", "tutor")),
    *(Row("company", OFFER, states.with_status(one))
      for one in (OfferStatus.DRAFT, OfferStatus.PAUSED, OfferStatus.CLOSED)),
    Row("hosting", OFFER, unknown_provision),
    *(Row("company", STEP, with_part(an_offer, step=code)) for code in STEPS),
    Row("hosting", STEP, with_part(an_offer, step="when")),
    Row("company", STEP, with_part(an_offer, step="when"), deeds.send_anyway),
    Row("company", STEP, with_part(an_offer, step="work"), deeds.find_nothing),
    Row("company", "/offers/new", nothing, deeds.send_anyway, often=True),
    Row("company", f"{OFFER}/again", an_offer),
    Row("hosting", f"{OFFER}/drop-out", a_wish),
    Row("company", f"{OFFER}/windows/new", an_offer),
    Row("company", f"{OFFER}/windows/{{window_id}}", an_offer),
    Row("company", f"{OFFER}/windows/{{window_id}}", an_offer, deeds.send_anyway),
    *(Row(who, "/provision-questions", unknown_provision) for who in ("company", "hosting")),
    *(Row(who, STAY, a_placement) for who in ("hosting", "tutor", "company")),
    *(Row(who, STAY, a_placement, often=True) for who in ("sending", "aino")),
    *(Row(who, STAY, abroad) for who in ("sending", "aino")),
    *(Row(who, STAY, states.cancelled) for who in ("sending", "company", "aino")),
    *(Row(who, "/placements", a_placement) for who in ("sending", "company", "aino")),
)  # fmt: skip

OFFICE = (
    Row("sending", "/calls/{code}", the_call),
    Row("admin", "/calls/{code}", the_draft),
    Row("admin", "/calls/new"),
    Row("admin", "/calls/new", nothing, deeds.send_anyway),
    Row("admin", "/calls/{code}/edit", the_call),
    Row("sending", "/groups", a_class),
    Row("tutor", "/groups/new?call=2027", a_class),
    Row("tutor", "/groups/{group_id}", a_class),
    Row("sending", MATCHING, a_round),
    *(Row("sending", MATCHING, states.round_that(one))
      for one in (RoundStatus.CANCELLED, RoundStatus.FAILED)),
    Row("sending", MATCHING, two_rounds, often=True),
    Row("admin", MATCHING, two_rounds),
    Row("sending", MATCHING + "/compare/{earlier_id}", two_rounds, often=True),
    Row("sending", "/matchings", two_rounds),
    Row("hosting", "/imports", nothing, deeds.send_an_odd_file),
    Row("admin", "/status", nothing),
    Row("admin", "/accounts/new"),
    Row("sending", "/accounts/new", nothing),
    Row("sending", "/accounts/new?role=apprentice", nothing, deeds.send_anyway),
    Row("admin", "/accounts/{account_id}", a_tutor),
    Row("sending", "/covers", two_coordinators),
    Row("sending", "/settings/{name}", with_part(nothing, name="weights")),
    *(Row("admin", f"/settings/{name}") for name in EDITORS),
    Row("sending", "/account", nothing, deeds.send_anyway),
)  # fmt: skip

WITHOUT_ACCOUNT = (
    Row(None, "/answer#{secret}", states.a_link(Party.APPRENTICE, "sending", after(2))),
    Row(None, "/answer#{secret}", states.a_link(Party.APPRENTICE, "sending", after(2)),
        deeds.send_first, shows="/answer/question", often=True),
    Row(None, "/answer#{secret}", states.a_link(Party.COMPANY, "hosting", after(3)),
        deeds.send_first, shows="/answer/question"),
    Row(None, "/answer#{secret}", states.a_link(Party.GUARDIAN, "sending", states.of_a_child),
        deeds.send_first, shows="/answer/question"),
    Row(None, "/answer#{secret}", states.a_link(Party.COMPANY, "hosting", after(3)),
        deeds.say_no_without_reason, shows="/answer/question"),
    Row(None, "/answer#{secret}", states.a_link(Party.APPRENTICE, "sending", after(2)),
        deeds.say_yes, shows="/answer/done"),
    Row(None, "/answer", nothing, deeds.send_anyway),
    Row(None, "/answer/question", status=410),
    Row(None, "/welcome#{secret}", states.an_invitation, often=True),
    Row(None, "/welcome#{secret}", states.an_invitation, deeds.choose_weak_password),
    Row(None, "/sign-in", nothing, deeds.send_anyway, often=True),
    Row(None, "/sign-in", states.a_second_step, deeds.give_password, shows="/sign-in/code"),
    Row(None, "/sign-in", states.a_second_step, deeds.give_wrong_code, shows="/sign-in/code"),
    Row(None, "/accessibility", nothing, deeds.send_anyway),
)  # fmt: skip

REFUSED = (
    Row("company", "/settings", status=403),
    Row("sending", CASE, states.an_unknown_id, status=404),
    Row("sending", "/accessibility", nothing, deeds.send_forged),
    Row(None, "/accessibility", nothing, deeds.send_too_often),
    Row("company", OFFER, states.a_broken_offer, status=500, often=True),
)

EMPTY = (
    *(Row("sending", path, only_people) for path in (
        "/today", "/proposals", "/unmatched", "/groups", "/calls", "/offers", "/placements",
        "/idle", "/covers", "/provision-questions", "/matchings", "/figures",
    )),
    *(Row("stranger", path, only_people) for path in ("/apprentices", "/hosts")),
    *(Row("tutor", path, only_people) for path in ("/today", "/proposals", "/placements")),
    *(Row("company", path, only_people) for path in (
        "/today", "/proposals", "/offers", "/placements", "/provision-questions",
    )),
    *(Row("aino", path, only_people) for path in (
        "/today", "/proposals", "/suggestions", "/my-calls", "/friends", "/consents", "/needs",
        "/placements", "/my-data",
    )),
    *(Row("guardian", path, only_people) for path in ("/today", "/proposals", "/consents")),
    Row("admin", "/matchings", only_people),
    Row(None, "/open-offers", only_people),
)  # fmt: skip

ROWS: tuple[Row, ...] = CASES + PEOPLE + HOSTS + OFFICE + WITHOUT_ACCOUNT + REFUSED + EMPTY
