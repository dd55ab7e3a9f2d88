"""A small server that speaks HubSpot's CRM API, version 3, as far as we use it; people close tasks in it, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.adapters.notify.standin import Asked, Reply, StandIn

TOKEN = "pat-eu1-0000"
TASKS = "/crm/v3/objects/tasks"
_OWN = frozenset(
    "hs_timestamp hs_task_subject hs_task_body hs_task_status hs_task_type hs_task_priority hubspot_owner_id "
    "hs_task_completion_date hs_lastmodifieddate".split()
)
_STATUSES = ("NOT_STARTED", "IN_PROGRESS", "COMPLETED", "WAITING", "DEFERRED")


@dataclass
class HubSpotStandIn(StandIn):
    """`owners`: e-mail address → id. `unique`: the property takes a value once, as HubSpot offers it.

    `lag`: as many searches do not find what was made since the stand-in began: HubSpot's index is a little late.
    """

    owners: dict[str, str] = field(default_factory=dict)
    properties: set[str] = field(default_factory=lambda: {"payoff_id"})
    unique: bool = False
    lag: int = 0
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    ties: dict[str, list[Any]] = field(default_factory=dict)
    now: datetime = datetime(2026, 1, 5, 10, tzinfo=UTC)

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, _error("INVALID_AUTHENTICATION", "Authentication credentials not found.")
        if asked.path.rstrip("/") == "/crm/v3/owners":
            found = [_owner(e, id) for e, id in self.owners.items() if e == asked.query.get("email", e)]
            return 200, {"results": found}
        if asked.path.startswith("/crm/v3/owners/"):
            wanted = asked.path.rsplit("/", 1)[1]
            found = [_owner(e, id) for e, id in self.owners.items() if id == wanted]
            return (200, found[0]) if found else (404, _error("OBJECT_NOT_FOUND", "Resource not found"))
        if asked.method == "POST" and asked.path == TASKS:
            return self._create(asked.body)
        if asked.path == f"{TASKS}/search":
            return self._search(asked.body)
        if asked.path == f"{TASKS}/batch/read":
            return self._batch(asked.body)
        if asked.method == "PATCH" and asked.path.startswith(f"{TASKS}/"):
            return self._update(asked.path.rsplit("/", 1)[1], asked.body)
        return 404, _error("OBJECT_NOT_FOUND", f"no such path {asked.path}")

    def change(self, id: str, **properties: str) -> None:
        """Somebody changes a task in HubSpot."""
        self.tasks[id] |= {**properties, "hs_lastmodifieddate": _stamp(self.now)}

    def close(self, id: str) -> None:
        self.change(id, hs_task_status="COMPLETED", hs_task_completion_date=_stamp(self.now))

    def write(self, id: str, words: str) -> None:
        """Somebody writes below what stands there, as HubSpot's editor keeps it."""
        self.change(id, hs_task_body=self.tasks[id]["hs_task_body"] + f"<p>{words}</p>")

    def _create(self, body: Any) -> Reply:
        given = body["properties"]
        fault = self._fault(given)
        if fault:
            return fault
        if not given.get("hs_timestamp"):
            return 400, _error("VALIDATION_ERROR", "hs_timestamp is required")
        id = str(7000 + len(self.tasks))
        self.tasks[id] = {**given, "hs_lastmodifieddate": _stamp(self.now)}
        self.ties[id] = body.get("associations") or []
        return 201, self._shown(id)

    def _update(self, id: str, body: Any) -> Reply:
        if id not in self.tasks:
            return 404, _error("OBJECT_NOT_FOUND", "resource not found")
        given = body["properties"]
        fault = self._fault(given, id)
        if fault:
            return fault
        done = given.get("hs_task_status") == "COMPLETED"
        self.change(id, **given, **({"hs_task_completion_date": _stamp(self.now)} if done else {}))
        return 200, self._shown(id)

    def _fault(self, given: dict[str, str], id: str = "") -> Reply | None:
        for name, value in given.items():
            if name not in _OWN | self.properties:
                return 400, _error(
                    "VALIDATION_ERROR", f'Property values were not valid: Property "{name}" does not exist'
                )
            taken = [other for other, task in self.tasks.items() if task.get(name) == value and other != id]
            if name in self.properties and self.unique and taken:
                told = f"{taken[0]} already has that value."
                return 400, _error("VALIDATION_ERROR", f"Property values were not valid: {told}")
        if given.get("hs_task_status", "NOT_STARTED") not in _STATUSES:
            return 400, _error("VALIDATION_ERROR", "hs_task_status was not one of the allowed options")
        return None

    def _search(self, body: Any) -> Reply:
        (wanted,) = body["filterGroups"][0]["filters"]
        if wanted["propertyName"] not in _OWN | self.properties:
            return 400, _error("VALIDATION_ERROR", f'Property "{wanted["propertyName"]}" does not exist')
        found = [id for id, task in self.tasks.items() if task.get(wanted["propertyName"]) in wanted["values"]]
        if self.lag:
            self.lag -= 1
            found = []
        return 200, {"total": len(found), "results": [self._shown(id, body.get("properties")) for id in found]}

    def _batch(self, body: Any) -> Reply:
        wanted = [one["id"] for one in body["inputs"]]
        found = [self._shown(id, body["properties"]) for id in wanted if id in self.tasks]
        missing = [id for id in wanted if id not in self.tasks]
        times = {"startedAt": _stamp(self.now), "completedAt": _stamp(self.now), "status": "COMPLETE"}
        if not missing:
            return 200, {**times, "results": found}
        told = {**_error("OBJECT_NOT_FOUND", "Could not get some tasks"), "context": {"ids": missing}, "links": {}}
        return 207, {**times, "results": found, "numErrors": 1, "errors": [told]}

    def _shown(self, id: str, wanted: list[str] | None = None) -> dict[str, Any]:
        task = self.tasks[id]
        kept = {name: task.get(name) for name in wanted} if wanted is not None else task
        moments = {"createdAt": _stamp(self.now), "updatedAt": _stamp(self.now), "archived": False}
        return {"id": id, "properties": kept, **moments}


def _owner(email: str, id: str) -> dict[str, Any]:
    at = "2025-01-01T00:00:00.000Z"
    return {
        "id": id,
        "email": email,
        "type": "PERSON",
        "firstName": "",
        "lastName": "",
        "userId": int(id),
        "createdAt": at,
        "updatedAt": at,
        "archived": False,
    }


def _error(category: str, message: str) -> dict[str, Any]:
    return {"status": "error", "message": message, "correlationId": "c033cdaa", "category": category}


LIMITED = {
    "status": "error",
    "message": "You have reached your secondly limit.",
    "errorType": "RATE_LIMIT",
    "correlationId": "c033cdaa",
    "policyName": "SECONDLY",
}
SPENT = {**LIMITED, "message": "You have reached your daily limit.", "policyName": "DAILY"}


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
