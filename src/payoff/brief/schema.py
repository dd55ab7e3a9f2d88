"""The brief (`payoff.toml`) and the playbook (`playbook.toml`) as data.

Field descriptions are the documentation: `docs/brief.md` is generated from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from payoff.records.judgement import Direction, Level, Purpose
from payoff.records.releases import Stage

OPEN = "?"
"""An unanswered question: allowed, counted, and shown until somebody answers it."""

Permission = Literal["frontline", "expert", "researcher", "scientist", "manager", "admin"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def table_or_nothing(annotation: Any) -> Any:
    """The table of one that may be left out; anything else as it is."""
    options = [option for option in get_args(annotation) if option is not type(None)]
    lone = len(options) == 1 and len(get_args(annotation)) == 2
    found = options[0] if lone else None
    return found if isinstance(found, type) and issubclass(found, BaseModel) else annotation


class Product(_Table):
    name: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,62}$", description="short name, part of commands and addresses")
    title: str = Field("", description="how people call it")
    template: str = Field("retention", description="what it was started from")
    zone: str = Field("UTC", description="time zone whose days and weeks the team lives in")
    language: str = Field("en", description="language of texts on screen")
    currency: str = Field("USD", pattern=r"^[A-Z]{3}$", description="ISO 4217 code; one a product")
    people_at_stake: bool = Field(
        False,
        description="true for applications, health or liberty: then no holdout and no exploration on people",
    )
    simulated: bool = Field(
        False, description="true when no real customer is behind the data; every figure says so"
    )


class Questions(_Table):
    users: str = Field(OPEN, description="who uses it, in their own words?")
    problem: str = Field(OPEN, description="which problem of theirs does it solve?")
    workflow: str = Field(OPEN, description="how do they do it today, and where does it hurt?")
    success: str = Field(OPEN, description="what is success to them?")


class Unit(_Table):
    name: str = Field("account", description="what is randomised and counted")
    role: str = Field("", description="fact that holds the main contact's role")
    industry: str = Field("", description="fact that holds the industry")
    contact: str = Field("", description="fact that holds the main contact's name")
    owner: str = Field("", description="fact that names who takes care of the unit on our side")
    segments: list[str] = Field(default_factory=list, description="facts to split every figure by")
    protected: list[str] = Field(default_factory=list, description="facts never decided on, watched for bias")
    ignore: list[str] = Field(default_factory=list, description="facts no model may use (leaks, identifiers)")
    excluded: list[str] = Field(default_factory=list, description="named units outside holdout and every estimate")


class Outcome(_Table):
    meaning: str = Field(OPEN, description="what happened, in words")
    good: bool = Field(True, description="whether more of it is better")
    window_days: float = Field(60, gt=0, le=3660, description="days after entry in which it counts")
    worth: float | None = Field(None, description="money one is worth (negative for a loss); unset: not known")
    measure: Literal["yes_no", "money", "number"] = Field("yes_no", description="what its amount is")
    source: str = Field(OPEN, description='name of the [sources] entry it comes from, or "api" when it is sent')


class Metric(_Table):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="short name")
    kind: str = Field(description="which kind of metric computes it; `payoff check` lists them")
    level: Level = Field("business", description="technical, user or business; unset: the kind's own")
    purpose: Purpose = Field("watch", description="goal, leading goal, guardrail or watch")
    outcome: str = Field("", description="the outcome it counts, for kinds that need one")
    direction: Direction | None = Field(
        None, description="which way is better; unset: the kind's or outcome's own"
    )
    target: float | None = Field(None, description="what the team wants to reach")
    margin: float | None = Field(None, ge=0, description="how much worse is tolerable (guardrails), absolute")
    label: str = Field("", description="how people call it")


class Harm(_Table):
    who: str = Field(description="who could be hurt")
    shows: str = Field(description="how it would show")
    stopped_by: str = Field(description="the metric that stops it")


class Step(_Table):
    stage: Stage = Field(description="shadow, named, canary, ramp or full")
    share: float = Field(0.0, ge=0, le=1, description="share of units admitted to the trial")
    days: int = Field(7, ge=0, description="minimum days before the next step")


def _steps() -> list[Step]:
    return [
        Step(stage="shadow", share=0.0, days=7),
        Step(stage="named", share=0.0, days=7),
        Step(stage="canary", share=0.1, days=7),
        Step(stage="ramp", share=1.0, days=28),
        Step(stage="full", share=1.0, days=0),
    ]


class ReleasePlan(_Table):
    days: int = Field(56, ge=1, description="days from canary to the deadline at which a person must choose")
    alpha: float = Field(0.05, gt=0, le=0.2, description="two-sided error the trial may spend")
    holdout: float = Field(0.1, ge=0, le=0.5, description="share of units treated as today, for good")
    holdout_drawn: int = Field(1, ge=1, description="year the holdout was drawn; a new number draws a new one")
    minimum_units: int = Field(20, ge=2, description="known units an arm before anything is read")
    steps: list[Step] = Field(default_factory=_steps, description="the way from nobody to everybody")


class Policy(_Table):
    capacity_per_week: int | None = Field(None, ge=0, description="suggestions people can act on in a week")
    contact_every_days: float = Field(14, ge=0, description="days a unit is left alone after a contact")
    explore: float = Field(0.005, ge=0, le=0.2, description="least probability of every fit action")
    expires_days: float = Field(14, gt=0, description="days a suggestion stays good")


class Person(_Table):
    name: str = Field(description="full name")
    email: str = Field("", description="where answers are sent")
    slack: str = Field("", description="member id in Slack; unset: found by the e-mail address")
    permissions: list[Permission] = Field(default_factory=list, description="what they may do")


class Rhythm(_Table):
    learn_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    focus_group_days: int = Field(14, ge=1, description="days between focus groups")


class SourceEntry(_Table):
    """Where rows come from. One of `file`, `sql`."""

    as_: Literal["units", "outcomes", "events", "log"] = Field(alias="as", description="what its rows are")
    file: str = Field("", description="path or pattern, from the product folder: CSV, Parquet or JSON lines")
    database: str = Field("", description="address of the database the SQL runs in")
    sql: str = Field("", description="a query")
    unit: str = Field("", description="column with the unit's id")
    at: str = Field("", description="column with the moment; unset: when it was read")
    outcomes: dict[str, str] = Field(
        default_factory=dict, description='outcome name = "column" or "column=value that means yes"'
    )
    columns: dict[str, str] = Field(default_factory=dict, description="our name = their column")
    ignore: list[str] = Field(default_factory=list, description="columns that are not read")
    text: list[str] = Field(default_factory=list, description="columns kept as text, whatever they look like")
    every: str = Field("week", description="how often it is expected to change")
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


OWN = ""
"""Stands for the product's own language where customers' words name none."""


def _in_own_language(given: Any) -> Any:
    """A text (or a list, or one wording) alone is in the product's own language."""
    alone = isinstance(given, (str, list)) or (isinstance(given, dict) and isinstance(given.get("title"), str))
    return {OWN: given} if alone else given


def _each_in_own_language(given: Any) -> Any:
    """The same for every entry of a table."""
    return {key: _in_own_language(one) for key, one in given.items()} if isinstance(given, dict) else given


class Widget(_Table):
    """What customers read about suggestions inside the operator's own product. Texts may be tables by language."""

    languages: list[str] = Field(
        default_factory=list,
        description="languages customers read; the first stands in for others; empty: the product's own",
    )
    public_facts: Annotated[dict[str, list[str]], BeforeValidator(_in_own_language)] = Field(
        default_factory=dict,
        description="what else is weighed, in examples, as customers read it; by language, or a list alone",
    )
    facts: Annotated[dict[str, dict[str, str]], BeforeValidator(_each_in_own_language)] = Field(
        default_factory=dict,
        description="a fact = what customers read where it counted for them; by language, or a text alone",
    )
    reads: Annotated[dict[str, str], BeforeValidator(_in_own_language)] = Field(
        default_factory=dict,
        description="the sentence that says who reads a customer's answer; by language, or a text alone",
    )
    privacy: str = Field("", description="address of the page that says how customers' data are treated")


VARIABLE = r"^[A-Z][A-Z0-9_]*$"
"""The form of the name of a variable of the environment."""


class _Served(_Table):
    """What every channel to people has. A key or a password never stands here: a field names the variable of the
    environment that holds it."""

    people: list[str] = Field(
        default_factory=list, description="who is served here, by short name; empty: everybody with `frontline`"
    )


class SlackChannel(_Served):
    token: str = Field(
        "PAYOFF_SLACK_TOKEN", pattern=VARIABLE, description="variable with the bot's token (xoxb-…)"
    )
    signing_secret: str = Field(
        "PAYOFF_SLACK_SIGNING_SECRET", pattern=VARIABLE, description="variable with the app's signing secret"
    )


class EmailChannel(_Served):
    sender: str = Field(description='whom it comes from: "Payoff <payoff@example.com>"')
    server: str = Field(
        "PAYOFF_SMTP_URL",
        pattern=VARIABLE,
        description="variable with the mail server: smtps://user:password@mail.example.com, or smtp://…, STARTTLS",
    )


class HubSpotChannel(_Served):
    token: str = Field(
        "PAYOFF_HUBSPOT_TOKEN", pattern=VARIABLE, description="variable with the private app's access token"
    )
    id_property: str = Field(
        "payoff_id",
        pattern=r"^[a-z][a-z0-9_]*$",
        description="property of tasks, a text, that holds our id; made there once by hand",
    )
    company: str = Field("", description="fact with the unit's company id there; unset: tasks stand alone")


class SalesforceChannel(_Served):
    url: str = Field(description="address of your Salesforce: https://yours.my.salesforce.com")
    client_id: str = Field(
        "PAYOFF_SALESFORCE_CLIENT_ID", pattern=VARIABLE, description="variable with the app's consumer key"
    )
    client_secret: str = Field(
        "PAYOFF_SALESFORCE_CLIENT_SECRET", pattern=VARIABLE, description="variable with the app's consumer secret"
    )
    id_field: str = Field(
        "Payoff_Id__c",
        pattern=r"^[A-Za-z][A-Za-z0-9_]*$",
        description="field of activities, a text, that holds our id; made there once by hand",
    )
    account: str = Field("", description="fact with the unit's account id there; unset: tasks stand alone")


class CalendarChannel(_Served):
    pass


class Channels(_Table):
    """Where people get their suggestions without opening the desk."""

    public_url: str = Field(
        "", description="address under which people reach the server: https://payoff.example.com"
    )
    most: int = Field(5, ge=1, le=12, description="new suggestions a person gets in a week")
    on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = Field(
        "monday", description="day from which the week's new ones are sent"
    )
    hour: int = Field(8, ge=0, le=23, description="hour of that day, in the product's zone")
    unowned: str = Field("", description="who gets what nobody owns, by short name; unset: nobody")
    slack: SlackChannel | None = Field(None, description="a message with buttons")
    email: EmailChannel | None = Field(None, description="a mail with a link to one page that answers all")
    hubspot: HubSpotChannel | None = Field(None, description="tasks, in and out")
    salesforce: SalesforceChannel | None = Field(None, description="tasks, in and out")
    calendar: CalendarChannel | None = Field(None, description="a calendar address each, with what is due")


class Brief(_Table):
    """The whole `payoff.toml`."""

    schema_: Literal[1] = Field(1, alias="schema", description="version of this file's form")
    product: Product
    questions: Questions = Field(default_factory=Questions)  # type: ignore[arg-type]
    unit: Unit = Field(default_factory=Unit)  # type: ignore[arg-type]
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    metrics: list[Metric] = Field(default_factory=list)
    harms: list[Harm] = Field(default_factory=list)
    release: ReleasePlan = Field(default_factory=ReleasePlan)  # type: ignore[arg-type]
    policy: Policy = Field(default_factory=Policy)  # type: ignore[arg-type]
    people: dict[str, Person] = Field(default_factory=dict)
    rhythm: Rhythm = Field(default_factory=Rhythm)  # type: ignore[arg-type]
    sources: dict[str, SourceEntry] = Field(default_factory=dict)
    widget: Widget = Field(default_factory=Widget)  # type: ignore[arg-type]
    channels: Channels = Field(default_factory=Channels)  # type: ignore[arg-type]
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Condition(_Table):
    """One test on a fact; every condition of an action must hold for it to be fit."""

    fact: str
    at_least: float | None = None
    at_most: float | None = None
    among: list[Any] | None = None
    not_among: list[Any] | None = None


class Wording(_Table):
    """An action in a customer's words; a text alone is its title. `NAME` is a language."""

    title: str = Field(description="what is offered, in a sentence the customer reads; nothing is filled in")
    button: str = Field("", description="what the button says that accepts it")
    link: str = Field(
        "", description="where that button leads: https://…, or a path of your product; empty: to you"
    )

    @model_validator(mode="before")
    @classmethod
    def _title_alone(cls, given: Any) -> Any:
        return {"title": given} if isinstance(given, str) else given


class PlaybookAction(_Table):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="short name")
    name: str = Field("", description="how people call it")
    say: str = Field(description="the sentence on the desk, verb first; {role}, {contact} and facts may be named")
    cost: float = Field(0.0, ge=0, description="money one costs")
    minutes: float = Field(0.0, ge=0, description="minutes of work it takes")
    roles: list[str] = Field(default_factory=list, description="contact roles it is fit for; empty: all")
    industries: list[str] = Field(default_factory=list, description="industries it is fit for; empty: all")
    when: list[Condition] = Field(default_factory=list, description="facts that must hold for it to be fit")
    rank: int = Field(100, description="order in which the rules try it; small first")
    expects: float | None = Field(
        None, ge=-1, le=1, description="how much better experts expect it to make the leading goal"
    )
    unsure: float = Field(0.05, gt=0, le=1, description="how far off they may be (one standard deviation)")
    why: str = Field("", description="why experts believe in it, in a sentence")
    tell: Annotated[dict[str, Wording], BeforeValidator(_in_own_language)] = Field(
        default_factory=dict,
        description="customers' wording, by language (or a text alone); without it no customer sees the action",
    )
    tell_why: Annotated[dict[str, str], BeforeValidator(_in_own_language)] = Field(
        default_factory=dict, description="the reason a customer reads, by language (or a text alone)"
    )


class Playbook(_Table):
    """The whole `playbook.toml`. Doing nothing is always an action and is not listed."""

    schema_: Literal[1] = Field(1, alias="schema")
    actions: list[PlaybookAction] = Field(default_factory=list)
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
