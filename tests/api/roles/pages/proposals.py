"""Proposals: the list, one of them, and what is decided there."""

from tests.api.roles import NO_OFFICE, a_proposal, page
from tests.api.roles.decisions import a_question, asked
from tests.api.roles.pages.cases import agreed, looked_at, refused, seen, wished

HIDDEN = {"admin": 403, "hosting": 404, "stranger": 404, "tutor": 404, "company": 404,
          "other": 404, "aino": 404, "eetu": 404, "guardian": 404}  # fmt: skip
SENDING = NO_OFFICE | {"hosting": 404, "stranger": 404}
COORDINATORS = NO_OFFICE | {"stranger": 404}
ONE = "/proposals/{proposal_id}"

page("GET", "/proposals", rest=200, admin=403)
page("POST", "/proposals/confirmations", {"opened": "nothing"}, rest=422, admin=403, tutor=403)
page("GET", ONE, rest=200, **HIDDEN)
page("GET", f"{ONE}/others", rest=200, **SENDING)
page("POST", f"{ONE}/answer", looked_at({"yes-answer": "yes"}), before=seen(a_proposal), rest=303,
     **HIDDEN | {"tutor": 403})  # fmt: skip
page(
    "POST", f"{ONE}/recorded-answer",
    looked_at({
        "recorded_apprentice-party": "apprentice", "recorded_apprentice-answer": "yes",
        "recorded_apprentice-channel": "phone", "recorded_apprentice-heard_from": "Aino",
        "recorded_apprentice-heard_on": "2027-01-15",
    }),
    before=seen(lambda alliance: asked(alliance, 2)), rest=303, **COORDINATORS | {"hosting": 422},
)  # fmt: skip
page("POST", f"{ONE}/dates",
     looked_at({"dates-first_day": "2027-03-08", "dates-last_day": "2027-05-02"}),
     before=seen(asked), rest=303, **COORDINATORS)  # fmt: skip
page("POST", f"{ONE}/deadline", looked_at({"deadline-last_day": "2027-02-20"}), before=seen(asked),
     rest=303, **COORDINATORS)  # fmt: skip
page("POST", f"{ONE}/withdrawal", looked_at({"withdraw-reason": "dates"}), before=seen(asked),
     rest=303, **COORDINATORS)  # fmt: skip
page(
    "POST",
    f"{ONE}/kept",
    looked_at({"keep-kept": "1"}),
    before=seen(a_proposal),
    rest=303,
    **SENDING,
)
page("POST", f"{ONE}/placement", looked_at({"book-mentor": "Uwe"}), before=seen(agreed), rest=303,
     **SENDING)  # fmt: skip
page(
    "POST", f"{ONE}/reason-resolved", looked_at({}), before=seen(refused), rest=303, **COORDINATORS
)
page("POST", f"{ONE}/wish", looked_at({"wish-wish": "forbid", "wish-reason": "they fell out"}),
     before=seen(a_proposal), rest=303, **SENDING)  # fmt: skip
page("POST", f"{ONE}/wish-gone", looked_at({}), before=seen(wished), rest=303, **SENDING)
page("POST", f"{ONE}/questions", looked_at({"ask-kind": "talk"}), before=seen(asked), rest=403,
     company=303, other=404)  # fmt: skip
page("POST", f"{ONE}/questions/{{question_id}}",
     lambda named: looked_at({f"reply_{named['question_id']}-text": "Yes",
                              "question_version": "1"})(named),
     before=seen(a_question), rest=303, **COORDINATORS)  # fmt: skip
page("POST", f"{ONE}/accepted-needs",
     looked_at({"need_1-need": "QUIET_SPACE", "need_1-reason": "they sit elsewhere"}),
     before=seen(a_proposal), rest=422,
     **SENDING)  # fmt: skip
page("GET", f"{ONE}/rejection", rest=303, **HIDDEN | {"tutor": 403})
page("POST", f"{ONE}/undo", looked_at({}), before=seen(a_proposal), rest=422, **COORDINATORS | {
    "hosting": 404
})  # fmt: skip
