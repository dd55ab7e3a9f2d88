"""A small server that speaks Slack's Web API as far as we use it, and presses buttons as a person there would."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@dataclass
class SlackStandIn:
    """`members`: e-mail address → member id. `faults`: method → answers given before the real one, each an HTTP
    status and an error; a status of 0 keeps what was sent and closes the line without a word."""

    members: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    views: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def __enter__(self) -> SlackStandIn:
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body, parts = self.rfile.read(length).decode(), urlsplit(self.path)
                given = {k: v[0] for k, v in parse_qs(parts.query).items()}
                if "json" in self.headers.get("content-type", ""):
                    given |= json.loads(body or "{}")
                else:
                    given |= {k: v[0] for k, v in parse_qs(body).items()}
                method = parts.path.rpartition("/")[2]
                outer.calls.append(method)
                fault = (outer.faults.get(method) or [None]).pop(0)
                if fault is None or fault[0] == 0:
                    answer, status = outer.answer(method, given), 200
                else:
                    status, answer = fault[0], {"ok": False, "error": fault[1]}
                if fault is not None and fault[0] == 0:
                    self.close_connection = True
                    return
                payload = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("retry-after", "3")
                self.send_header("content-length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        if method == "users.lookupByEmail":
            id = self.members.get(given["email"])
            return {"ok": True, "user": {"id": id}} if id else {"ok": False, "error": "users_not_found"}
        if method == "users.info":
            email = next((e for e, id in self.members.items() if id == given["user"]), "")
            return {"ok": True, "user": {"id": given["user"], "profile": {"email": email}}}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": "D" + given["users"]}}
        if method == "conversations.history":
            found = [m for m in self.messages.values() if m["channel"] == given["channel"]]
            return {"ok": True, "messages": found}
        if method == "chat.postMessage":
            ts = f"1767603600.{len(self.messages):06d}"
            channel = given["channel"]
            self.messages[ts] = {**given, "channel": channel, "ts": ts}
            return {"ok": True, "channel": channel, "ts": ts}
        if method == "chat.update":
            if given["ts"] not in self.messages:
                return {"ok": False, "error": "message_not_found"}
            self.messages[given["ts"]] |= {"blocks": given["blocks"], "text": given["text"]}
            return {"ok": True}
        if method == "views.open":
            self.views.append(given)
            return {"ok": True}
        if method == "reply":
            self.told.append(given)
            return {"ok": True}
        return {"ok": False, "error": "unknown_method"}

    # What a person there does

    def buttons(self, member: str, what: str) -> list[str]:
        """The suggestions under which this button stands for somebody, in order."""
        return [
            e["value"]
            for m in self.messages.values()
            if m["channel"] == "D" + member
            for b in m["blocks"]
            if b["type"] == "actions"
            for e in b["elements"]
            if e["action_id"] == what and "value" in e
        ]

    def click(self, member: str, what: str, suggestion: str, day: str = "") -> bytes:
        """The body Slack sends when a button is pressed, or something is chosen from a list beside it."""
        message = next((m for m in self.messages.values() if m["channel"] == "D" + member), {})
        if what in ("not_now", "no_answer", "ask_earlier", "ask_say"):
            lists = [
                e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"] if "options" in e
            ]
            values = {o["value"]: e["action_id"] for e in lists for o in e["options"]}
            value = f"{suggestion} {day or what}"
            action: dict[str, Any] = {"action_id": values[value], "selected_option": {"value": value}}
        else:
            action = {"action_id": what, "value": suggestion}
        return _form(
            {
                "type": "block_actions",
                "user": {"id": member},
                "container": {"channel_id": "D" + member, "message_ts": message.get("ts", "")},
                "response_url": self.url + "reply",
                "trigger_id": "12.34.ab",
                "actions": [action],
            }
        )

    def submit(self, member: str, **chosen: str) -> bytes:
        """The body Slack sends when the last sheet is sent off with these fields."""
        view, values = self.views[-1]["view"], {}
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            kind, value = block["element"]["type"], chosen.get(block["block_id"])
            if kind in ("static_select", "radio_buttons"):
                options = [o["value"] for o in block["element"]["options"]]
                assert value is None or value in options, (value, options)
                found: Any = {"selected_option": {"value": value} if value else None}
            elif kind == "datepicker":
                found = {"selected_date": value}
            else:
                found = {"value": value}
            values[block["block_id"]] = {block["element"]["action_id"]: {"type": kind, **found}}
        kept = {key: view[key] for key in ("callback_id", "private_metadata")}
        return _form(
            {"type": "view_submission", "user": {"id": member}, "view": {**kept, "state": {"values": values}}}
        )


def signed(body: bytes, *, secret: str = SECRET, age: float = 0) -> dict[str, str]:
    """The headers with which Slack proves that a request is its own."""
    stamp = str(int(time.time() - age))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
        "content-type": "application/x-www-form-urlencoded",
    }


def _form(payload: dict[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()
