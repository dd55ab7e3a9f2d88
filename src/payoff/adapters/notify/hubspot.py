"""HubSpot: a suggestion is a task of its owner's. Implements `ports.Channel`.

Sent twice: every task carries our own id in a property of tasks (`payoff_id`), and is searched for by it before it
is made. HubSpot's search lags some seconds behind; a property that takes unique values only closes that gap, too.
Closed: the moment is HubSpot's own; the author is whoever the task is assigned to at that time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from payoff.adapters.notify import task_words as words
from payoff.adapters.notify.one_by_one import each_once
from payoff.adapters.notify.patience import TIMEOUT, Limited, Patience, missing, retry_after
from payoff.records.deliveries import CLOSED, Entry, Found, Parcel, Placed, Sent, Undelivered
from payoff.texts import Texts

ADDRESS = "https://api.hubapi.com"
TASK_TO_COMPANY = 192
"""HubSpot's own type of the tie between a task and a company."""
_AT_ONCE = 100
_READ = [
    "hs_task_status", "hs_timestamp", "hs_task_body", "hs_task_completion_date", "hs_lastmodifieddate",
    "hubspot_owner_id",
]  # fmt: skip
_SUBJECT = 250


class HubSpot:
    """One account, through a private app's token."""

    name = "hubspot"
    lasting = True

    def __init__(
        self,
        token: str,
        texts: Texts,
        *,
        id_property: str = "payoff_id",
        address: str = ADDRESS,
        patience: Patience | None = None,
    ) -> None:
        """Raises `Refused` where the library is not installed."""
        try:
            import hubspot
            from urllib3.util.retry import Retry
        except ImportError:
            raise missing("hubspot") from None
        once = Retry(total=0, redirect=0)
        self._crm = hubspot.Client.create(access_token=token, host=address, retry=once).crm
        self._texts, self._property = texts, id_property
        self._patience = patience or Patience()
        self._owners: dict[str, str] = {}  # e-mail address → owner's id
        self._emails: dict[str, str] = {}  # owner's id → e-mail address

    def send(self, parcel: Parcel) -> Sent:
        """See `ports.Channel`."""
        owner = self._owner(parcel)
        return each_once(parcel, self._standing(parcel), lambda entry: self._made(parcel, entry, owner))

    def show(self, placed: Sequence[Placed]) -> None:
        """See `ports.Channel`. What people wrote into the task stays as it is."""
        from hubspot.crm.objects.tasks import SimplePublicObjectInput

        for one in placed:
            closed = one.entry.state in CLOSED
            kept = {
                "hs_task_status": "COMPLETED" if closed else "NOT_STARTED",
                "hs_timestamp": self._stamp(one.entry.until or one.entry.due),
            }
            update = partial(self._api("basic_api").update, one.ref, SimplePublicObjectInput(properties=kept))
            self._call(one.to.name, partial(update, **_WAIT))

    def look(self, placed: Sequence[Placed]) -> Sequence[Found]:
        """See `ports.Channel`."""
        from hubspot.crm.objects.tasks import BatchReadInputSimplePublicObjectId, SimplePublicObjectId

        found: list[Found] = []
        refs = list(dict.fromkeys(one.ref for one in placed))
        for i in range(0, len(refs), _AT_ONCE):
            some = refs[i : i + _AT_ONCE]
            asked = BatchReadInputSimplePublicObjectId(
                properties=_READ, properties_with_history=[], inputs=[SimplePublicObjectId(id=ref) for ref in some]
            )
            answer = self._call("hubspot", partial(self._api("batch_api").read, asked, **_WAIT))
            there = {str(task.id): task.properties or {} for task in answer.results}
            found += [self._found(ref, there.get(ref)) for ref in some]
        return found

    def _found(self, ref: str, task: dict[str, Any] | None) -> Found:
        if task is None:
            return Found(ref, "gone")
        status = task.get("hs_task_status") or ""
        due = words.when(task.get("hs_timestamp"))
        closed = words.when(task.get("hs_task_completion_date")) if status == "COMPLETED" else None
        return Found(
            ref,
            "done" if status == "COMPLETED" else "deferred" if status == "DEFERRED" else "open",
            at=closed or words.when(task.get("hs_lastmodifieddate")),
            day=due.astimezone(ZoneInfo(self._texts.zone)).date() if due else None,
            comment=words.below(words.plain(task.get("hs_task_body") or "")),
            by=self._email(str(task.get("hubspot_owner_id") or "")),
        )

    def _owner(self, parcel: Parcel) -> str:
        email = parcel.to.email
        if not email:
            mend = f"Give them `email` under [people.{parcel.to.id}]."
            raise Undelivered(f"HubSpot cannot find {parcel.to.name}", where=parcel.to.name, mend=mend)
        if email not in self._owners:
            api = self._crm.owners.owners_api
            page = self._call(parcel.to.name, lambda: api.get_page(email=email, limit=1, **_WAIT))
            if not page.results:
                mend = "Is the e-mail address in the brief the one they have there?"
                raise Undelivered(f"HubSpot does not know {parcel.to.name}", where=parcel.to.name, mend=mend)
            self._owners[email] = str(page.results[0].id)
            self._emails[self._owners[email]] = email
        return self._owners[email]

    def _email(self, owner: str) -> str:
        """The address of whoever a task is assigned to; "" where HubSpot does not say."""
        if owner and owner not in self._emails:
            api = self._crm.owners.owners_api
            try:
                answer = self._call("hubspot", lambda: api.get_by_id(int(owner), id_property="id", **_WAIT))
                self._emails[owner] = str(answer.email or "")
            except (Undelivered, ValueError):
                return ""
        return self._emails.get(owner, "")

    def _standing(self, parcel: Parcel) -> dict[str, str]:
        """Tasks that carry our ids already."""
        from hubspot.crm.objects.tasks import Filter, FilterGroup, PublicObjectSearchRequest

        ours = {entry.key: entry.suggestion for entry in parcel.entries}
        named = Filter(property_name=self._property, operator="IN", values=list(ours))
        asked = PublicObjectSearchRequest(
            filter_groups=[FilterGroup(filters=[named])], properties=[self._property], limit=_AT_ONCE
        )
        answer = self._call(parcel.to.name, lambda: self._api("search_api").do_search(asked, **_WAIT))
        known = {str(task.id): (task.properties or {}).get(self._property, "") for task in answer.results}
        return {ours[key]: id for id, key in known.items() if key in ours}

    def _made(self, parcel: Parcel, entry: Entry, owner: str) -> str:
        from hubspot.crm.objects.tasks import SimplePublicObjectInputForCreate

        kept = {
            self._property: entry.key,
            "hs_timestamp": self._stamp(entry.due),
            "hs_task_subject": words.subject(entry, _SUBJECT),
            "hs_task_body": words.as_html(words.body(self._texts, entry)),
            "hs_task_status": "NOT_STARTED",
            "hs_task_type": "TODO",
            "hubspot_owner_id": owner,
        }
        new = SimplePublicObjectInputForCreate(properties=kept, associations=_tied(entry))
        try:
            made = self._call(parcel.to.name, lambda: self._api("basic_api").create(new, **_WAIT))
        except Undelivered as error:
            there = self._standing(parcel) if error.certain and not error.whole else {}
            if entry.suggestion in there:  # somebody was quicker: the property takes a value once
                return there[entry.suggestion]
            raise
        return str(made.id)

    def _stamp(self, day: date) -> str:
        return words.moment(day, self._texts.zone).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _api(self, name: str) -> Any:
        return getattr(self._crm.objects.tasks, name)

    def _call(self, where: str, call: Callable[[], Any]) -> Any:
        return self._patience.tried(where, lambda: self._guarded(where, call))

    def _guarded(self, where: str, call: Callable[[], Any]) -> Any:
        from hubspot.crm.objects.tasks.exceptions import ApiException as TasksError
        from hubspot.crm.owners.exceptions import ApiException as OwnersError
        from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

        try:
            return call()
        except (TasksError, OwnersError) as error:
            raise self._refused(where, error.status or 0, error.body, error.headers) from None
        except HTTPError as error:
            reason = error.reason if isinstance(error, MaxRetryError) else error
            certain = isinstance(reason, NewConnectionError)
            what = f"HubSpot cannot be reached ({type(reason).__name__})"
            raise Undelivered(what, where=where, mend="Try again later.", certain=certain, whole=True) from None

    def _refused(self, where: str, status: int, body: Any, headers: Any) -> Exception:
        try:
            said = json.loads(body or "{}")
        except (ValueError, TypeError):
            said = {}
        told = str(said.get("message") or "")[:200]
        if status == 429:
            if said.get("policyName") == "DAILY":
                mend = "It takes more tomorrow; `payoff send` goes on where this one stopped."
                return Undelivered("HubSpot's limit of the day is reached", where=where, mend=mend, whole=True)
            return Limited(retry_after(headers))
        if status >= 500 or status == 0:
            what = f"HubSpot had a fault of its own ({status or 'no answer'})"
            return Undelivered(what, where=where, mend="Try again later.", certain=False, whole=True)
        if status in (401, 403):
            mend = "See docs/workflow.md for the scopes the private app needs, and set its token once more."
            what = f"HubSpot does not let us in ({told or status})"
            return Undelivered(what, where=where, mend=mend, whole=True)
        if f'"{self._property}"' in told and "does not exist" in told:
            mend = f"Make it in HubSpot: a property of tasks, single-line text, internal name {self._property}."
            what = f"HubSpot has no property {self._property!r} on tasks"
            return Undelivered(what, where=where, mend=mend, whole=True)
        return Undelivered(f"HubSpot refuses it ({told or status})", where=where, gone=status == 404)


_WAIT = {"_request_timeout": TIMEOUT}


def _tied(entry: Entry) -> list[Any]:
    """The company the task belongs to, where its id is known."""
    from hubspot.crm.objects.tasks import AssociationSpec, PublicAssociationsForObject, PublicObjectId

    if not entry.record:
        return []
    kind = AssociationSpec(association_category="HUBSPOT_DEFINED", association_type_id=TASK_TO_COMPANY)
    return [PublicAssociationsForObject(types=[kind], to=PublicObjectId(id=entry.record))]
