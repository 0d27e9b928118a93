"""Settings over HTTP."""

from sqlalchemy import Engine

from tests.api.alliance import Alliance

URL = "/api/v1/settings"


def test_a_setting_is_read_changed_by_its_revision_and_remembers_by_whom(database: Engine) -> None:
    client = Alliance(database).client("sending")
    names = [one["name"] for one in client.get(URL).json()["items"]]
    assert {"weights", "schedule", "days_to_answer"} <= set(names)
    seen = client.get(f"{URL}/days_to_answer")
    assert (seen.json()["value"], seen.json()["revision"], seen.headers["etag"]) == (14, 0, '"0"')
    for headers, status in (({}, 428), ({"If-Match": '"7"'}, 412), ({"If-Match": '"0"'}, 200)):
        answer = client.put(f"{URL}/days_to_answer", json={"value": 21}, headers=headers)
        assert answer.status_code == status
    assert (answer.json()["value"], answer.headers["etag"]) == (21, '"1"')
    (once,) = client.get(f"{URL}/days_to_answer/history").json()["items"]
    assert (once["value"], once["changed_by_name"]) == (21, "sending")


def test_a_setting_that_cannot_be_is_refused_with_what_would_be_right(database: Engine) -> None:
    client = Alliance(database).client("admin")
    for name, value, status, kind in (
        ("weights", {"occupation": 100, "dates": 7}, 422, "bad-setting"),
        ("schedule", {"cron": "every day", "time_zone": "Europe/Brussels"}, 422, "bad-setting"),
        ("nothing", 1, 404, "no-such-setting"),
    ):
        answer = client.put(f"{URL}/{name}", json={"value": value}, headers={"If-Match": "*"})
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:doallvet:{kind}")
