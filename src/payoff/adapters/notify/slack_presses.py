"""What Slack sends when somebody presses: checked that it is Slack, and read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import parse_qs

from payoff.errors import Refused
from payoff.records.deliveries import Press

_MOST = 256 * 1024
_BUTTONS = {"done": "done", "ask_wrong": "ask_wrong", "undo": "undo"}
_MORE = frozenset(("no_answer", "ask_earlier", "ask_say"))


def verified(body: bytes, headers: Mapping[str, str], secret: str, clock: Any = None) -> None:
    """Raises `Refused` unless Slack signed it with our secret within the last five minutes."""
    from slack_sdk.signature import Clock, SignatureVerifier

    given = {name.lower(): value for name, value in headers.items()}
    stamp, signature = given.get("x-slack-request-timestamp", ""), given.get("x-slack-signature", "")
    try:
        good = (
            len(body) <= _MOST
            and stamp.isascii()
            and stamp.isdigit()
            and SignatureVerifier(secret, clock or Clock()).is_valid(body, stamp, signature)
        )
    except (ValueError, TypeError):  # bytes that are no text, a stamp no clock knows
        good = False
    if not good:
        mend = "Is the signing secret that of this app, and does this machine's clock go right?"
        raise Refused("this did not come from Slack, or not just now", where="X-Slack-Signature", mend=mend)


def read(body: bytes) -> Press | None:
    """The press; `None` for what asks for nothing. Raises `Refused` for what cannot be read."""
    try:
        payload = json.loads(parse_qs(body.decode("utf-8"))["payload"][0])
        if payload["type"] == "block_actions":
            return _action(payload)
        return _form(payload) if payload["type"] == "view_submission" else None
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Refused(f"what Slack sent cannot be read ({type(error).__name__})", where="payload") from None


def _action(payload: Mapping[str, Any]) -> Press | None:
    action = payload["actions"][0]
    name, place = action["action_id"], payload.get("container", {})
    common = {
        "user": payload["user"]["id"],
        "ref": f"{place['channel_id']}:{place['message_ts']}" if place.get("message_ts") else "",
        "reply": payload.get("response_url", ""),
        "trigger": payload.get("trigger_id", ""),
    }
    if name in _BUTTONS:
        return Press(suggestion=str(action["value"]), what=_BUTTONS[name], **common)  # type: ignore[arg-type]
    if name not in ("not_now", "more"):
        return None
    suggestion, _, chosen = action["selected_option"]["value"].partition(" ")
    if name == "not_now":
        return Press(suggestion=suggestion, what="not_now", day=date.fromisoformat(chosen), **common)
    return Press(suggestion=suggestion, what=chosen, **common) if chosen in _MORE else None


def _form(payload: Mapping[str, Any]) -> Press | None:
    view = payload["view"]
    kept = json.loads(view["private_metadata"])
    given = {name: _value(block[name]) for name, block in view["state"]["values"].items() if name in block}
    common = {
        "user": payload["user"]["id"],
        "suggestion": str(kept["suggestion"]),
        "ref": str(kept["ref"]),
        "reply": str(kept["reply"]),
        "comment": given.get("comment", ""),
    }
    if view["callback_id"] == "wrong":
        reason = given.get("reason", "")
        other = given.get("owner", "") if reason == "owner" else given.get("instead") or given.get("idea", "")
        return Press(what="wrong", reason=reason, instead=other, **common)
    if view["callback_id"] == "earlier":
        day = given.get("day", "")
        return Press(what="earlier", day=date.fromisoformat(day) if day else None, **common)
    return Press(what="say", **common) if view["callback_id"] == "say" else None


def _value(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option") or {}
    return str(option.get("value") or element.get("selected_date") or element.get("value") or "")
