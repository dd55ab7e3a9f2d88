"""A small server that speaks Salesforce's REST API as far as we use it, and closes tasks as a person would.

The library speaks HTTPS alone, so the stand-in does, too, with a certificate made for the run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from tests.adapters.notify.standin import Asked, Reply, StandIn

CLIENT, SECRET = "3MVG9.client", "C0FFEE"
API = "/services/data/v59.0"
TASK = f"{API}/sobjects/Task/"
QUERY = f"{API}/query/"
_STATES = {
    "Not Started": (False, True),
    "In Progress": (False, False),
    "Completed": (True, False),
    "Deferred": (False, False),
}
_FIELDS = frozenset(("Subject", "Description", "ActivityDate", "Status", "OwnerId", "WhatId", "Priority"))


@dataclass
class SalesforceStandIn(StandIn):
    """`users`: id → (e-mail address, active). `sessions` are the tokens that are good now."""

    users: dict[str, tuple[str, bool]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=lambda: {"Payoff_Id__c"})
    unique: bool = False
    states: dict[str, tuple[bool, bool]] = field(default_factory=lambda: dict(_STATES))
    sessions: set[str] = field(default_factory=set)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    now: datetime = datetime(2026, 1, 5, 10, tzinfo=UTC)

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/services/oauth2/token":
            return self._token(parse_qs(asked.body))
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.sessions:
            return 401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
        if asked.path == QUERY:
            return self._query(asked.query["q"])
        if asked.method == "POST" and asked.path == TASK:
            return self._create(asked.body)
        if asked.method == "PATCH" and asked.path.startswith(TASK):
            return self._update(asked.path.removeprefix(TASK), asked.body)
        return 404, [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]

    def change(self, id: str, **fields: Any) -> None:
        """Somebody changes a task in Salesforce."""
        task = self.tasks[id]
        before = self.states[task["Status"]][0]
        task |= {**fields, "LastModifiedDate": _stamp(self.now)}
        closed = self.states[task["Status"]][0]
        task["IsClosed"] = closed
        if closed and not before:
            task["CompletedDateTime"] = _stamp(self.now)
        elif not closed:
            task["CompletedDateTime"] = None

    def write(self, id: str, words: str) -> None:
        self.change(id, Description=self.tasks[id]["Description"] + words)

    def _token(self, given: dict[str, list[str]]) -> Reply:
        if given["grant_type"] != ["client_credentials"]:
            return 400, {"error": "unsupported_grant_type", "error_description": "grant type not supported"}
        if (given["client_id"], given["client_secret"]) != ([CLIENT], [SECRET]):
            return 400, {"error": "invalid_client", "error_description": "invalid client credentials"}
        token = f"00D!session{len(self.asked)}"
        self.sessions.add(token)
        return 200, {"access_token": token, "instance_url": self.url, "token_type": "Bearer", "scope": "api"}

    def _query(self, q: str) -> Reply:
        values = [v.replace("\\'", "'").replace("\\\\", "\\") for v in re.findall(r"'((?:[^'\\]|\\.)*)'", q)]
        table = re.search(r"FROM (\w+)", q)
        assert table is not None, q
        columns = [c.strip() for c in re.match(r"SELECT (.*?) FROM", q)[1].split(",")]  # type: ignore[index]
        rows: list[dict[str, Any]]
        if table[1] == "TaskStatus":
            rows = [{"ApiName": n, "IsClosed": c, "IsDefault": d} for n, (c, d) in self.states.items()]
        elif table[1] == "User" and "WHERE Email =" in q:
            assert "IsActive = true" in q
            rows = [{"Id": id} for id, (email, active) in self.users.items() if email == values[0] and active]
        elif table[1] == "User":
            rows = [{"Id": id, "Email": self.users[id][0]} for id in values if id in self.users]
        else:
            for column in columns:
                if column.endswith("__c") and column not in self.fields:
                    told = f"\nSELECT {column}\n  ^\nERROR at Row:1\nNo such column '{column}' on entity 'Task'."
                    return 400, [{"message": told, "errorCode": "INVALID_FIELD"}]
            by = re.search(r"WHERE (\w+) IN", q)[1]  # type: ignore[index]
            rows = [{"Id": id, **t} for id, t in self.tasks.items() if {"Id": id, **t}.get(by) in values]
            rows = [{c: row.get(c) for c in columns} for row in rows]
        records = [{"attributes": {"type": table[1]}, **row} for row in rows]
        return 200, {"totalSize": len(records), "done": True, "records": records}

    def _create(self, body: Any) -> Reply:
        fault = self._fault(body)
        if fault:
            return fault
        id = f"00T000000000{len(self.tasks):03d}AAA"
        first = next(name for name, (_, default) in self.states.items() if default)
        self.tasks[id] = {"Status": first, "IsClosed": False, "CompletedDateTime": None, **body}
        self.change(id)
        return 201, {"id": id, "success": True, "errors": []}

    def _update(self, id: str, body: Any) -> Reply:
        if id not in self.tasks:
            return 404, [{"errorCode": "ENTITY_IS_DELETED", "message": "entity is deleted"}]
        fault = self._fault(body)
        if fault:
            return fault
        self.change(id, **body)
        return 204, None

    def _fault(self, body: Any) -> Reply | None:
        for name, value in body.items():
            if name not in _FIELDS | self.fields:
                told = f"No such column '{name}' on sobject of type Task"
                return 400, [{"message": told, "errorCode": "INVALID_FIELD"}]
            if name in self.fields and self.unique and any(t.get(name) == value for t in self.tasks.values()):
                return 400, [{"message": f"duplicate value found: {name}", "errorCode": "DUPLICATE_VALUE"}]
        if len(body.get("Subject", "")) > 255:
            return 400, [{"message": "Subject: data value too large", "errorCode": "STRING_TOO_LONG"}]
        if body.get("Status", next(iter(self.states))) not in self.states:
            told = f"bad value for restricted picklist field: {body['Status']}"
            return 400, [{"message": told, "errorCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"}]
        return None


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
