"""What people do all day, for locust: coordinators, companies and apprentices, as pages and API.

`benchmarks.load` starts it and says in LOAD_PLAN which file holds the tokens; what was asked goes
into the file LOAD_ASKED when it ends.
"""

import json
import os
import random
from collections import Counter, deque
from pathlib import Path
from typing import Any

from locust import HttpUser, between, events, task

PLAN: dict[str, Any] = json.loads(Path(os.environ["LOAD_PLAN"]).read_text())
TO_ANSWER: deque[list[str]] = deque(PLAN["to_answer"])
ASKED: Counter[int] = Counter()
WRONG: Counter[str] = Counter()
"""How many answers had each status, and which of them should not have."""

DONE = frozenset({200, 201, 204})
TOO_LATE = frozenset({403, 409, 410, 412})
"""What somebody is told whose answer comes after another one."""


@events.quitting.add_listener
def write(**_: Any) -> None:
    """Leave behind what was counted."""
    Path(os.environ["LOAD_ASKED"]).write_text(json.dumps({"asked": ASKED, "wrong": WRONG}))


class Somebody(HttpUser):
    """Somebody with a token of an account."""

    abstract = True
    wait_time = between(0.5, 3)
    kind = ""

    def on_start(self) -> None:
        """Take one of the accounts of this kind."""
        self.own = random.choice(PLAN[self.kind])  # noqa: S311  # whoever it is

    def ask(self, path: str, name: str = "", method: str = "GET", body: Any = None) -> Any:
        """One request; its answer, None where it was refused."""
        headers = {"Authorization": f"Bearer {self.own['token']}", "If-Match": "*"}
        with self.client.request(
            method, path, name=name or path, json=body, headers=headers, catch_response=True
        ) as answer:
            status = answer.status_code
            ASKED[status] += 1
            if status in DONE or (status in TOO_LATE and method == "POST"):
                answer.success()
            else:
                WRONG[f"{method} {name or path} {status}"] += 1
            is_json = "json" in answer.headers.get("content-type", "")
            return answer.json() if status in DONE and is_json else None


class Coordinator(Somebody):
    """Looks through lists and cases, and decides."""

    weight = 6
    kind = "coordinator"

    @task(3)
    def today(self) -> None:
        """The first page."""
        self.ask("/today")

    @task(4)
    def look_through_proposals(self) -> None:
        """The list, and some of its cases."""
        self.ask("/proposals")
        found = self.ask("/api/v1/proposals?limit=50") or {"items": []}
        for one in random.sample(found["items"], min(3, len(found["items"]))):
            self.ask(f"/proposals/{one['id']}", "/proposals/ID")

    @task(2)
    def look_through_the_rest(self) -> None:
        """Other lists, figures, matchings."""
        for path in ("/apprentices", "/offers", "/figures", "/matchings", "/unmatched"):
            self.ask(path)

    @task(2)
    def look_for_a_place(self) -> None:
        """Suggestions for somebody, and why."""
        person, offer = random.choice(self.own["pairs"])  # noqa: S311
        query = f"call={PLAN['call']}&apprentice={person}"
        self.ask(f"/api/v1/suggestions?{query}", "/api/v1/suggestions")
        self.ask(f"/api/v1/explanations?{query}&offer={offer}", "/api/v1/explanations")

    @task(4)
    def decide(self) -> None:
        """Say yes to a case, for the side whose turn it is."""
        if not TO_ANSWER:
            return
        token, identity, then = TO_ANSWER.popleft()
        before, self.own = self.own, {**self.own, "token": token}
        path = f"/api/v1/proposals/{identity}/answer"
        if self.ask(path, "/api/v1/proposals/ID/answer", "POST", {"answer": "yes"}) and then:
            TO_ANSWER.appendleft([then, identity, ""])
        self.own = before


class Asked(Somebody):
    """Looks at what concerns them, and answers."""

    abstract = True
    looks_at: tuple[str, ...] = ()

    @task(2)
    def look(self) -> None:
        """The pages that matter."""
        for path in self.looks_at:
            self.ask(path)

    @task
    def decide(self) -> None:
        """Say yes to the first case that waits for oneself."""
        found = self.ask("/api/v1/proposals?limit=20") or {"items": []}
        for one in found["items"]:
            if self.kind in one["waiting_for"]:
                path = f"/api/v1/proposals/{one['id']}/answer"
                self.ask(path, "/api/v1/proposals/ID/answer", "POST", {"answer": "yes"})
                return


class Company(Asked):
    """A host."""

    weight = 2
    kind = "company"
    looks_at = ("/today", "/offers")


class Apprentice(Asked):
    """Somebody who looks for a place."""

    weight = 3
    kind = "apprentice"
    looks_at = ("/today", "/suggestions")
