from tests.api.roles import NO_OFFICE, row

HIDDEN = {"admin": 403, "stranger": 404, "hosting": 404, "tutor": 404, "company": 404,
          "other": 404, "aino": 404, "eetu": 404, "guardian": 404}  # fmt: skip
SENDING = NO_OFFICE | {"stranger": 404, "hosting": 404}

row("GET", "/proposals", rest=200, admin=403)
row("GET", "/proposals/{proposal_id}", rest=200, **HIDDEN)
row("POST", "/proposals", {}, rest=403, sending=422, hosting=422, stranger=422)
row("POST", "/proposals/{proposal_id}/answer", {"answer": "yes"}, rest=200,
    **HIDDEN | {"tutor": 403})  # fmt: skip
row("POST", "/proposals/{proposal_id}/recorded-answer",
    {"answer": "yes", "party": "apprentice", "channel": "phone", "heard_from": "Aino",
     "heard_on": "2027-01-15"}, rest=409, **SENDING)  # fmt: skip
row("POST", "/proposals/{proposal_id}/withdrawal", {"reason": "other"}, rest=200, **SENDING)
row("POST", "/proposals/{proposal_id}/dates",
    {"first_day": "2027-03-08", "last_day": "2027-05-02"}, rest=200, **SENDING)  # fmt: skip
row("POST", "/proposals/{proposal_id}/deadline", {"deadline": "2027-03-08T10:00:00Z"}, rest=409,
    **SENDING)  # fmt: skip
row("POST", "/proposals/{proposal_id}/placement", {"mentor": "Uwe"}, rest=409, **SENDING)
row("PUT", "/proposals/{proposal_id}/kept", {"kept": True}, rest=200, **SENDING)
row("POST", "/proposals/{proposal_id}/reason-resolved", rest=409, **SENDING)
