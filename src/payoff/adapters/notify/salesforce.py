"""Salesforce: a suggestion is a task of its owner's. Implements `ports.Channel`.

Sent twice: every task carries our own id in a field of activities (`Payoff_Id__c`), and is looked for by it before
it is made. Closed: what counts is Salesforce's own `IsClosed`, whatever an organisation calls its states; the
moment is `CompletedDateTime`; the author is whoever the task is assigned to at that time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from payoff.adapters.notify import task_words as words
from payoff.adapters.notify.one_by_one import each_once
from payoff.adapters.notify.patience import TIMEOUT, Limited, Patience, missing, retry_after
from payoff.errors import Refused
from payoff.records.deliveries import CLOSED, Entry, Found, Parcel, Placed, Sent, Undelivered
from payoff.texts import Texts

VERSION = "59.0"
_AT_ONCE = 200
_SUBJECT = 255
_DEFERRED = "Deferred"
_READ = (
    "SELECT Id, Status, IsClosed, ActivityDate, Description, CompletedDateTime, LastModifiedDate, OwnerId "
    "FROM Task WHERE Id IN {ids}"
)


class Salesforce:
    """One organisation, through a connected app that acts for one user (client credentials)."""

    name = "salesforce"
    lasting = True

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        texts: Texts,
        *,
        id_field: str = "Payoff_Id__c",
        patience: Patience | None = None,
        trusted: str | bool = True,
    ) -> None:
        """Raises `Refused` where the library is not installed, and for an address over which the secret would be
        read by all. `trusted` is a file of certificates of your own."""
        try:
            import simple_salesforce  # noqa: F401
        except ImportError:
            raise missing("salesforce") from None
        if not secure(url):
            mend = "Write it like https://yours.my.salesforce.com."
            raise Refused(
                "Salesforce would get the secret unencrypted", where="channels.salesforce.url", mend=mend
            )
        self._url, self._app = url.rstrip("/"), (client_id, client_secret)
        self._texts, self._field = texts, id_field
        self._patience, self._trusted = patience or Patience(), trusted
        self._known: Any = None
        self._users: dict[str, str] = {}  # e-mail address → user's id
        self._emails: dict[str, str] = {}  # user's id → e-mail address
        self._states: tuple[str, str] | None = None

    def send(self, parcel: Parcel) -> Sent:
        """See `ports.Channel`."""
        owner = self._user(parcel)
        return each_once(parcel, self._standing(parcel), lambda entry: self._made(parcel, entry, owner))

    def show(self, placed: Sequence[Placed]) -> None:
        """See `ports.Channel`. What people wrote into the task stays as it is."""
        for one in placed:
            opened, closed = self._statuses(one.to.name)
            change = {
                "Status": closed if one.entry.state in CLOSED else opened,
                "ActivityDate": (one.entry.until or one.entry.due).isoformat(),
            }
            self._call(one.to.name, partial(_updated, one.ref, change))

    def look(self, placed: Sequence[Placed]) -> Sequence[Found]:
        """See `ports.Channel`."""
        found: list[Found] = []
        refs = list(dict.fromkeys(one.ref for one in placed))
        for i in range(0, len(refs), _AT_ONCE):
            some = refs[i : i + _AT_ONCE]
            there = {row["Id"]: row for row in self._query(_READ, ids=some)}
            self._learn_emails({str(row.get("OwnerId") or "") for row in there.values()})
            found += [self._found(ref, there.get(ref)) for ref in some]
        return found

    def _found(self, ref: str, task: Mapping[str, Any] | None) -> Found:
        if task is None:
            return Found(ref, "gone")
        closed = bool(task.get("IsClosed"))
        day = str(task.get("ActivityDate") or "")
        return Found(
            ref,
            "done" if closed else "deferred" if task.get("Status") == _DEFERRED else "open",
            at=words.when(closed and task.get("CompletedDateTime")) or words.when(task.get("LastModifiedDate")),
            day=date.fromisoformat(day[:10]) if day else None,
            comment=words.below(str(task.get("Description") or "")),
            by=self._emails.get(str(task.get("OwnerId") or ""), ""),
        )

    def _user(self, parcel: Parcel) -> str:
        to = parcel.to
        if not to.email:
            mend = f"Give them `email` under [people.{to.id}]."
            raise Undelivered(f"Salesforce cannot find {to.name}", where=to.name, mend=mend)
        if to.email not in self._users:
            asked = "SELECT Id FROM User WHERE Email = {email} AND IsActive = true LIMIT 2"
            rows = self._query(asked, where=to.name, email=to.email)
            if len(rows) != 1:
                count = "does not know" if not rows else "has two active users with the address of"
                mend = "Is the e-mail address in the brief the one they have there, and theirs alone?"
                raise Undelivered(f"Salesforce {count} {to.name}", where=to.name, mend=mend)
            self._users[to.email] = rows[0]["Id"]
            self._emails[rows[0]["Id"]] = to.email
        return self._users[to.email]

    def _learn_emails(self, users: set[str]) -> None:
        unknown = sorted(users - self._emails.keys() - {""})
        if unknown:
            rows = self._query("SELECT Id, Email FROM User WHERE Id IN {ids}", ids=unknown)
            self._emails |= {row["Id"]: str(row.get("Email") or "") for row in rows}

    def _standing(self, parcel: Parcel) -> dict[str, str]:
        """Tasks that carry our ids already."""
        ours = {entry.key: entry.suggestion for entry in parcel.entries}
        asked = f"SELECT Id, {self._field} FROM Task WHERE {self._field} IN {{ids}}"  # noqa: S608 - a name
        rows = self._query(asked, where=parcel.to.name, ids=list(ours))
        return {ours[row[self._field]]: row["Id"] for row in rows if row.get(self._field) in ours}

    def _made(self, parcel: Parcel, entry: Entry, owner: str) -> str:
        new = {
            self._field: entry.key,
            "Subject": words.subject(entry, _SUBJECT),
            "Description": "\n".join(words.body(self._texts, entry)) + "\n",
            "ActivityDate": entry.due.isoformat(),
            "OwnerId": owner,
            **({"WhatId": entry.record} if entry.record else {}),
        }
        try:
            made = self._call(parcel.to.name, lambda sf: sf.Task.create(new))
        except Undelivered as error:
            if error.certain and "DUPLICATE_VALUE" in error.what:  # somebody was quicker
                return self._standing(parcel)[entry.suggestion]
            raise
        return str(made["id"])

    def _statuses(self, where: str) -> tuple[str, str]:
        """What this organisation calls an open task and a closed one."""
        if self._states is None:
            asked = "SELECT ApiName, IsClosed, IsDefault FROM TaskStatus ORDER BY SortOrder"
            rows = self._query(asked, where=where)
            opened = [row["ApiName"] for row in rows if not row["IsClosed"]]
            first = [row["ApiName"] for row in rows if row["IsDefault"] and not row["IsClosed"]]
            closed = [row["ApiName"] for row in rows if row["IsClosed"]]
            self._states = ((first or opened or ["Not Started"])[0], (closed or ["Completed"])[0])
        return self._states

    def _query(self, soql: str, *, where: str = "salesforce", **values: Any) -> list[Mapping[str, Any]]:
        from simple_salesforce import format_soql

        asked = format_soql(soql, **values) if values else soql
        answer = self._call(where, lambda sf: sf.query_all(asked))
        return list(answer["records"])

    def _call(self, where: str, call: Callable[[Any], Any]) -> Any:
        return self._patience.tried(where, lambda: self._guarded(where, call))

    def _guarded(self, where: str, call: Callable[[Any], Any], *, again: bool = True) -> Any:
        import requests
        from simple_salesforce import SalesforceError, SalesforceExpiredSession

        try:
            if self._known is None:
                self._known = self._signed_in(where)
            return call(self._known)
        except SalesforceExpiredSession:
            self._known = None
            if again:
                return self._guarded(where, call, again=False)
            mend = "See docs/workflow.md for what the connected app needs."
            raise Undelivered("Salesforce does not let us in", where=where, mend=mend, whole=True) from None
        except SalesforceError as error:
            raise self._refused(where, error.status, error.content) from None
        except requests.RequestException as error:
            raise _unreached(where, error) from None

    def _signed_in(self, where: str) -> Any:
        """A session of the library's, over our own token: the app's own address, never the general one."""
        from simple_salesforce import Salesforce as Client

        session = _session(self._trusted)
        id, secret = self._app
        given = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
        answer = session.post(f"{self._url}/services/oauth2/token", data=given)
        if answer.status_code >= 500:
            what = f"Salesforce had a fault of its own ({answer.status_code})"
            raise Undelivered(what, where=where, mend="Try again later.", whole=True)
        told = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        if answer.status_code != 200 or "access_token" not in told:
            why = told.get("error_description") or told.get("error") or answer.status_code
            mend = "Is the client credentials flow on, with a user to run as? See docs/workflow.md."
            raise Undelivered(f"Salesforce does not let us in ({why})", where=where, mend=mend, whole=True)
        instance = str(told.get("instance_url") or self._url)
        return Client(instance_url=instance, session_id=told["access_token"], session=session, version=VERSION)

    def _refused(self, where: str, status: int, content: Any) -> Undelivered:
        first = content[0] if isinstance(content, list) and content and isinstance(content[0], dict) else {}
        code, told = str(first.get("errorCode") or ""), str(first.get("message") or "")[:200]
        if code == "REQUEST_LIMIT_EXCEEDED":
            mend = "It takes more later; `payoff send` goes on where this one stopped."
            return Undelivered("Salesforce's limit of calls is reached", where=where, mend=mend, whole=True)
        if status >= 500:
            what = f"Salesforce had a fault of its own ({status})"
            return Undelivered(what, where=where, mend="Try again later.", certain=False, whole=True)
        if code in ("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE") and self._field in told:
            mend = f"Make it in Salesforce: a text field of Activity, {self._field}, writable for the app's user."
            what = f"Salesforce has no field {self._field!r} on tasks we may write"
            return Undelivered(what, where=where, mend=mend, whole=True)
        if status == 403:
            mend = "See docs/workflow.md for what the app's user may need."
            what = f"Salesforce does not allow it ({code or told})"
            return Undelivered(what, where=where, mend=mend, whole=True)
        return Undelivered(f"Salesforce refuses it ({code}: {told})", where=where, gone=status == 404)


def _session(trusted: str | bool) -> Any:
    """A session that never waits for ever, and says when it is asked to wait."""
    import requests
    from requests.adapters import HTTPAdapter

    class Timed(HTTPAdapter):  # type: ignore[misc]
        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT
            if trusted is not True:  # named here, it goes before what the environment trusts
                kwargs["verify"] = trusted
            answer = super().send(request, *args, **kwargs)
            if answer.status_code == 429:
                raise Limited(retry_after(answer.headers))
            return answer

    session = requests.Session()
    session.mount("https://", Timed())
    session.mount("http://", Timed())
    return session


def _unreached(where: str, error: Exception) -> Undelivered:
    import requests

    certain = isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)) or (
        isinstance(error, requests.ConnectionError) and "NewConnectionError" in repr(error)
    )
    what = f"Salesforce cannot be reached ({type(error).__name__})"
    return Undelivered(what, where=where, mend="Try again later.", certain=certain, whole=True)


def _updated(ref: str, change: Mapping[str, str], client: Any) -> Any:
    return client.Task.update(ref, change)


def secure(url: str) -> bool:
    """Whether a secret may be sent there: encrypted, or on this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")
