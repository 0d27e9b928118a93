"""What workplaces have, asked and looked at."""

from tests.api.roles import NO_OFFICE, page
from tests.api.roles.provisions import CERTIFICATE, unknown_provision

HOSTING = NO_OFFICE | {"sending": 404, "stranger": 404}

page("POST", "/offers/{offer_id}/certificates", CERTIFICATE, before=unknown_provision, rest=303,
     **HOSTING)  # fmt: skip
page("POST", "/offers/{offer_id}/certificates/{provision}/removal", {}, before=unknown_provision,
     rest=303, **HOSTING)  # fmt: skip
page("POST", "/offers/{offer_id}/provision-questions", {"provision": "QUIET_SPACE"},
     before=unknown_provision, rest=303, **NO_OFFICE)  # fmt: skip
page("GET", "/provision-questions", before=unknown_provision, rest=200,
     **NO_OFFICE | {"company": 200, "other": 200})  # fmt: skip
page("POST", "/provision-questions/{question_id}/answer", {"provided": "true"},
     before=unknown_provision, rest=303,
     **HOSTING | {"company": 303, "other": 404})  # fmt: skip
