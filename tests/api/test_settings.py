"""Settings: what holds, what may be set, and the history of it."""

import datetime
import uuid
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

import models
from api import errors, store
from api.caller import Caller
from api.database import transaction
from api.services import settings
from api.services.problems import OF_POLICY, to_problem
from matcher.problem import Policy
from tests import rows, sealing

WEIGHTS = {"occupation": 40, "outcomes": 10, "language": 15, "dates": 10, "inclusion": 10,
           "quality": 10, "preference": 5}  # fmt: skip


def by(who: uuid.UUID | None = None, now: datetime.datetime = rows.NOW) -> Caller:
    return Caller(now=now, new_id=uuid.uuid4, user_id=who)


def test_what_nobody_has_set_is_the_default(database: Engine) -> None:
    with transaction(database, writes=False) as session:
        found = settings.current(session)
    policy = Policy().model_dump(mode="json")
    assert policy["priority"] == ["hard_needs"]
    assert found == {name: policy[name] for name in OF_POLICY} | {
        "reserve": 0.0,
        "schedule": {"cron": "0 2 * * *", "time_zone": "Europe/Brussels"},
        "days_to_answer": 14,
        "reminder_days": [3, 7],
        "approval_order": [
            ["sending_coordinator"], ["hosting_coordinator"],
            ["apprentice", "guardian", "employer"], ["company"],
        ],
        "barrier_category": False,
        "retention": {
            "needs": 90, "applicants": 365, "participants": 1825, "messages": 30,
            "repeated_requests": 2, "sessions": 30, "answer_links": 30, "invitations": 30,
        },
        "suggestions_visible": "selected",
        "support_rounding": "nearest",
    }  # fmt: skip


@pytest.mark.parametrize("known", settings.KNOWN.items(), ids=lambda known: known[0])
def test_every_default_may_be_set(known: tuple[str, settings.Known]) -> None:
    _, setting = known
    assert setting.check(setting.default) == setting.default


def test_a_change_is_a_new_row_with_who_and_when_and_the_old_one_stays(database: Engine) -> None:
    admin = rows.account()
    later = rows.NOW + datetime.timedelta(hours=1)
    with transaction(database) as session:
        session.add(admin)
        session.flush()
        first = settings.change(session, by(admin.id), "days_to_answer", 10, revision=0)
    with transaction(database) as session:
        second = settings.change(session, by(admin.id, later), "days_to_answer", 21, revision=1)
    with transaction(database, writes=False) as session:
        history = [
            (row.id, row.revision, row.value, row.changed_by, row.created_at)
            for row in settings.history(session, "days_to_answer")
        ]
        shown = settings.of_name(session, "days_to_answer")
        notes = sealing.done(session)
    assert history == [
        (second.id, 2, 21, admin.id, later),
        (first.id, 1, 10, admin.id, rows.NOW),
    ]
    assert (shown.value, shown.revision, shown.since, shown.default) == (21, 2, later, 14)
    assert {(n.action, n.row_id, n.actor_id, n.data["revision"]) for n in notes} == {
        ("setting.changed", first.id, admin.id, 1),
        ("setting.changed", second.id, admin.id, 2),
    }


def test_a_change_that_rests_on_an_older_revision_is_refused(database: Engine) -> None:
    with transaction(database) as session:
        settings.change(session, by(), "seed", 1, revision=None)
        settings.change(session, by(), "seed", 2, revision=None)
    for stale in (0, 1, 3):
        with transaction(database) as session, pytest.raises(errors.StaleVersionError):
            settings.change(session, by(), "seed", 3, revision=stale)
    with transaction(database, writes=False) as session:
        assert settings.of_name(session, "seed").value == 2
    assert (errors.StaleVersionError.status, errors.StaleVersionError.kind) == (
        412, "stale-version",
    )  # fmt: skip


def test_the_policy_of_a_round_is_what_was_set(demo: Engine) -> None:
    new: dict[str, Any] = {
        "objective": "fit", "priority": [], "weights": WEIGHTS, "seed": 7, "candidates": 9,
        "min_closeness": 0.9, "start_weekdays": [1, 2], "reserve": 0.25,
    }  # fmt: skip
    with transaction(demo) as session:
        for name, value in new.items():
            settings.change(session, by(), name, value, revision=None)
    with transaction(demo, writes=False) as session:
        call = session.exec(select(models.Call)).one()
        policy = to_problem(store.snapshots.snapshot(session, call.id), rows.NOW.date()).policy
    assert {name: policy.model_dump(mode="json")[name] for name in OF_POLICY} == new


def test_no_schedule_is_a_value_of_its_own(database: Engine) -> None:
    with transaction(database) as session:
        settings.change(session, by(), "schedule", None, revision=0)
    with transaction(database, writes=False) as session:
        assert settings.current(session)["schedule"] is None


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("objective", "luck", "Input should be 'fit' or 'coverage'"),
        ("weights", {"occupation": 100}, "weights: must name exactly occupation, "),
        ("weights", WEIGHTS | {"dates": 11}, "weights: must sum to 100, not 101"),
        ("seed", -1, "greater than or equal to 0"),
        ("candidates", "50", "should be a valid integer"),
        ("min_closeness", 2, "less than or equal to 1"),
        ("reserve", 1.5, "less than or equal to 1"),
        ("start_weekdays", [8], "start_weekdays.0: Input should be less than or equal to 7"),
        ("schedule", {"cron": "0 2 * * *"}, "time_zone: Field required"),
        ("schedule", {"cron": "0 2 * *", "time_zone": "UTC"}, "must have five fields"),
        ("schedule", {"cron": "0 2 * * *", "time_zone": "Mars"}, "one is Europe/Brussels"),
        ("days_to_answer", 0, "greater than or equal to 1"),
        ("days_to_answer", True, "valid integer"),
        ("reminder_days", [7, 3], "must be in order, each day once"),
        ("approval_order", [["company"]], "must name each of sending_coordinator, "),
        ("approval_order", [[]], "at least 1 item"),
        ("suggestions_visible", "sometimes", "'never', 'selected' or 'always'"),
        ("support_rounding", "up", "'nearest' or 'down'"),
        ("suggestions_visible", None, "'never', 'selected' or 'always'"),
    ],
)
def test_a_bad_value_is_refused_with_what_would_be_right(name: str, value: Any, right: str) -> None:
    nowhere = Session()
    with pytest.raises(errors.BadSettingError) as refused:
        settings.change(nowhere, by(), name, value, revision=None)
    assert right in str(refused.value)


def test_what_is_refused_is_not_stored(database: Engine) -> None:
    with transaction(database) as session, pytest.raises(errors.BadSettingError) as refused:
        settings.change(session, by(), "start_weekdays", [0, 9], revision=0)
    assert refused.value.status == 422
    assert str(refused.value) == (
        "The setting 'start_weekdays' was not changed:"
        " start_weekdays.0: Input should be greater than or equal to 1;"
        " start_weekdays.1: Input should be less than or equal to 7"
    )
    with transaction(database, writes=False) as session:
        assert settings.history(session, "start_weekdays") == []


def test_there_is_no_setting_of_another_name(database: Engine) -> None:
    with transaction(database) as session, pytest.raises(errors.NoSuchSettingError) as refused:
        settings.change(session, by(), "colour", "red", revision=0)
    assert refused.value.status == 404
    with transaction(database) as session, pytest.raises(errors.NoSuchSettingError):
        settings.history(session, "colour")
