"""Slack: a direct message with buttons, and what is pressed there. Implements `ports.Channel` and `ports.Door`.

Sent twice: a message carries the ids of its suggestions as metadata, and whoever is not sure that an earlier try
got through reads the conversation first (scope `im:history`). Every post also carries our own `client_msg_id`, by
which Slack knows a repeated post; where the conversation may not be read, that alone stands against a second one.
"""

from __future__ import annotations

import http.client
import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.error import URLError
from uuid import NAMESPACE_OID, uuid5

from payoff.adapters.notify import slack_blocks as blocks
from payoff.adapters.notify import slack_presses as presses
from payoff.adapters.notify.patience import TIMEOUT, Limited, Patience, missing, retry_after
from payoff.errors import Refused
from payoff.records.deliveries import Addressee, Entry, Found, Parcel, Placed, Press, Sent, Undelivered
from payoff.texts import Texts

ADDRESS = "https://slack.com/api/"
HOOKS = "https://hooks.slack.com/"
_CLOCKS = timedelta(minutes=5)
"""So much Slack's clock may be behind ours."""
_KEYS = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired no_permission missing_scope "
    "org_login_required team_access_not_granted access_denied ekm_access_denied".split()
)
_GONE = frozenset(("message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"))
T = TypeVar("T")


class Slack:
    """One workspace, through a bot's token."""

    name = "slack"
    lasting = False

    def __init__(
        self,
        token: str,
        signing_secret: str,
        texts: Texts,
        *,
        address: str = ADDRESS,
        hooks: str = HOOKS,
        patience: Patience | None = None,
        clock: Any = None,
    ) -> None:
        """Raises `Refused` where the library is not installed. `clock` has `now()`, seconds since 1970."""
        try:
            from slack_sdk import WebClient
        except ImportError:
            raise missing("slack") from None
        quiet = logging.getLogger("payoff.slack")
        self._client = WebClient(token, base_url=address, timeout=int(TIMEOUT), retry_handlers=[], logger=quiet)
        self._secret, self._texts, self._hooks = signing_secret, texts, hooks
        self._patience = patience or Patience()
        self._clock = clock
        self._users: dict[str, str] = {}  # e-mail address → member id
        self._people: dict[str, str] = {}  # member id → e-mail address

    def send(self, parcel: Parcel) -> Sent:
        """See `ports.Channel`."""
        where = parcel.to.name
        opened = self._call(where, lambda: self._client.conversations_open(users=self._user(parcel.to)))
        channel = str(opened["channel"]["id"])
        refs = self._standing(channel, parcel, parcel.since) if parcel.since else {}
        left = [entry for entry in parcel.entries if entry.suggestion not in refs]
        for i in range(0, len(left), blocks.MOST):
            some = left[i : i + blocks.MOST]
            try:
                ts = self._post(channel, parcel, some, i)
            except Undelivered as error:
                return Sent(refs, {entry.suggestion: error for entry in left[i:]})
            refs |= {entry.suggestion: f"{channel}:{ts}" for entry in some}
        return Sent(refs)

    def show(self, placed: Sequence[Placed]) -> None:
        """See `ports.Channel`."""
        channel, _, ts = placed[0].ref.partition(":")
        entries, headline = [p.entry for p in placed], self._texts.say("channels.list", name=placed[0].to.name)
        self._call(
            placed[0].to.name,
            lambda: self._client.chat_update(
                channel=channel,
                ts=ts,
                text=blocks.summary(headline, entries),
                blocks=blocks.message(self._texts, headline, entries),
            ),
        )

    def look(self, placed: Sequence[Placed]) -> Sequence[Found]:  # noqa: ARG002
        """Nothing: what is pressed comes through the door."""
        return ()

    # The door

    def pressed(self, body: bytes, headers: Mapping[str, str]) -> Press | None:
        """See `ports.Door`."""
        presses.verified(body, headers, self._secret, self._clock)
        return presses.read(body)

    def who(self, user: str, people: Sequence[Addressee]) -> Addressee | None:
        """See `ports.Door`. Somebody without a member id in the brief is known by their address in Slack."""
        named = [person for person in people if person.slack == user]
        if named:
            return named[0]
        if user not in self._people:
            answer = self._call(user, lambda: self._client.users_info(user=user))
            profile = answer["user"].get("profile", {}) if not answer["user"].get("is_bot") else {}
            self._people[user] = str(profile.get("email") or "").casefold()
        email = self._people[user]
        found = [p for p in people if email and p.email.casefold() == email and not p.slack]
        return found[0] if len(found) == 1 else None

    def tell(self, press: Press, words: str) -> None:
        """See `ports.Door`."""
        from slack_sdk.webhook import WebhookClient

        if not press.reply.startswith(self._hooks):
            return
        hook = WebhookClient(press.reply, timeout=int(TIMEOUT), retry_handlers=[])
        self._guarded(
            "slack",
            lambda: hook.send(text=blocks.escaped(words), response_type="ephemeral", replace_original=False),
        )

    def ask(self, press: Press, entry: Entry, people: Sequence[Addressee], actions: Mapping[str, str]) -> None:
        """See `ports.Door`."""
        view = blocks.form(self._texts, press, entry, people, actions)
        self._call("slack", lambda: self._client.views_open(trigger_id=press.trigger, view=view))

    # Pieces

    def _user(self, to: Addressee) -> str:
        if to.slack:
            return to.slack
        if not to.email:
            mend = f"Give them `email` or `slack` under [people.{to.id}]."
            raise Undelivered(f"Slack cannot find {to.name}", where=to.name, mend=mend)
        if to.email not in self._users:
            found = self._call(to.name, lambda: self._client.users_lookupByEmail(email=to.email))
            self._users[to.email] = str(found["user"]["id"])
        return self._users[to.email]

    def _post(self, channel: str, parcel: Parcel, entries: list[Entry], i: int) -> str:
        arguments: dict[str, Any] = {
            "channel": channel,
            "text": blocks.summary(parcel.headline, entries),
            "blocks": blocks.message(self._texts, parcel.headline, entries),
            "metadata": blocks.metadata(entries),
            "unfurl_links": False,
            "unfurl_media": False,
            "client_msg_id": str(uuid5(NAMESPACE_OID, f"{parcel.key}|{i}")),
        }
        answer = self._call(parcel.to.name, lambda: self._client.chat_postMessage(**arguments))
        return str(answer["ts"])

    def _standing(self, channel: str, parcel: Parcel, since: datetime) -> dict[str, str]:
        """What an earlier try left in the conversation; empty where it may not be read."""
        oldest = f"{(since - _CLOCKS).timestamp():.6f}"
        try:
            history = self._call(
                parcel.to.name,
                lambda: self._client.conversations_history(
                    channel=channel, oldest=oldest, limit=100, include_all_metadata=True
                ),
            )
        except Undelivered as error:
            if error.certain and "missing_scope" in error.what:
                return {}
            raise
        wanted = {entry.suggestion for entry in parcel.entries}
        found: dict[str, str] = {}
        for message in history.get("messages") or []:
            about = message.get("metadata") or {}
            payload = about.get("event_payload") or {}
            if about.get("event_type") == blocks.EVENT:
                found |= {s: f"{channel}:{message['ts']}" for s in payload.get("suggestions", ()) if s in wanted}
        return found

    def _call(self, where: str, call: Callable[[], Any]) -> Any:
        return self._patience.tried(where, lambda: self._guarded(where, call))

    def _guarded(self, where: str, call: Callable[[], T]) -> T:
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            return call()
        except SlackApiError as error:
            response = error.response
            status, said = response.status_code, str(response.get("error") or "")
            if status == 429 or said in ("ratelimited", "rate_limited"):
                raise Limited(retry_after(response.headers)) from None
            raise _refused(where, status, said) from None
        except (URLError, TimeoutError, http.client.HTTPException, OSError, ssl.SSLError) as error:
            reason = getattr(error, "reason", error)
            certain = isinstance(reason, (ConnectionRefusedError, ssl.SSLError)) or "getaddrinfo" in str(reason)
            what = f"Slack cannot be reached ({str(reason) or type(reason).__name__})"
            raise Undelivered(what, where=where, mend="Try again later.", certain=certain, whole=True) from None
        except (SlackClientError, Refused) as error:
            raise Undelivered(f"Slack: {error}", where=where) from None


def _refused(where: str, status: int, said: str) -> Undelivered:
    if status >= 500 or said in ("internal_error", "fatal_error", "service_unavailable", "request_timeout"):
        what = f"Slack had a fault of its own ({status if status >= 500 else said})"
        return Undelivered(what, where=where, mend="Try again later.", certain=False, whole=status >= 500)
    if said in _KEYS:
        mend = "See docs/workflow.md for the scopes it needs; install the app once more and set the token."
        return Undelivered(f"Slack does not let us in ({said})", where=where, mend=mend, whole=True)
    if said in ("users_not_found", "user_not_found", "user_disabled"):
        mend = "Is the e-mail address in the brief the one they have there? Else give their member id as `slack`."
        return Undelivered(f"Slack does not know {where} ({said})", where=where, mend=mend)
    return Undelivered(f"Slack refuses it ({said[:80]})", where=where, gone=said in _GONE)
