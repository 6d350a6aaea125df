# Made from emulator/internal/control/openapi.yaml by go run ./testkit/internal/docs. Do not edit.
"""The objects of the control API."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from ._row import Row


class Done(Row):
    """An object of the control API."""
    status: Literal["ok"]
    """Always ok."""


class Failure(Row):
    """An object of the control API."""
    error: Problem


class Problem(Row):
    """An object of the control API."""
    message: str
    """What is wrong and what is wanted instead."""
    member: str | None
    """The place in the body."""
    parameter: str | None
    """The path, query or header parameter."""
    allowed: list[str] | None
    """What may stand there."""
    detail: Row | None
    """Further explanation for programs; for verify the near misses."""
    more: list[Problem] | None
    """The other mistakes of the request."""


class Health(Row):
    """An object of the control API."""
    status: Literal["ok"]
    """Always ok."""
    version: str
    """The emulator's version, or the revision that it was built from."""
    scenario: list[str]
    """As loaded, in order."""
    counts: Row
    """Rows by kind."""
    listeners: Row
    """Http, https and control, when open."""
    saved: Row | None
    """Saves of the state to the file of --state; absent without one."""
    sip: Row | None
    """Real registrations; absent: all registrars are simulated."""


class Config(Row):
    """An object of the control API."""
    scenarios: list[str]
    """At the start."""
    strict: bool
    """Whether parameters that the real service ignores are refused (--strict)."""
    expose: bool
    """Whether other machines may reach it (--expose)."""
    allowed_hosts: list[str] | None
    """Host names that the control API answers for as well (--allowed-host)."""
    allow_origins: list[str] | None
    """Origins whose pages may use the API (--allow-origin)."""
    addr: str
    """Where HTTP listens, host:port."""
    tls_addr: str
    """Where HTTPS listens, host:port."""
    control_addr: str
    """Empty: it is on the other listeners."""
    control_token: bool
    """Whether a token is asked for."""
    allow_shutdown: bool
    """Whether POST /_voxemu/shutdown stops the process."""
    no_console: bool | None
    """True: /_voxemu/console/ is off; absent: it is there."""
    config_dir: str
    """Empty: authority and keys live in memory."""


class Coverage(Row):
    """An object of the control API."""
    emulated: list[str]
    """Methods that are emulated in full."""
    partly: Row
    """Methods with parameters that have no effect: why, by parameter."""
    not_emulated: Row
    """Methods that are answered with error 103 and a warning: why."""


class AssumptionList(Row):
    """An object of the control API."""
    assumptions: list[Row]
    """By number."""


class ScenarioList(Row):
    """An object of the control API."""
    scenarios: list[Row]
    """The built-in scenarios."""


class ScenarioToLoad(Row):
    """An object of the control API."""
    name: str | None
    """A built-in scenario."""
    yaml: str | None
    """A scenario; with a name it is laid on top of that one."""


class ScenarioCheck(Row):
    """An object of the control API."""
    mistakes: list[Row]
    """Empty, or the scenario cannot be loaded."""
    differences: list[Difference]
    """What loading would change."""
    more_differences: int
    """How many are not listed."""


class Differences(Row):
    """An object of the control API."""
    differences: list[Difference]
    """By section and id, without secrets."""
    more_differences: int
    """How many are not listed."""


class Difference(Row):
    """An object of the control API."""
    section: str
    """The member of a scenario, such as accounts."""
    id: str | None
    """The row's id or name; absent: settings."""
    change: Literal["added", "removed", "changed"]
    """What differs."""
    members: list[Row] | None
    """The members that differ, of changed."""


class SnapshotList(Row):
    """An object of the control API."""
    snapshots: list[Snapshot]
    """By name."""


class Snapshot(Row):
    """An object of the control API."""
    name: str
    """What it was taken under."""
    taken_at: str
    """On the emulator's clock."""


class SnapshotToTake(Row):
    """An object of the control API."""
    name: str
    """A new name; one that exists is a conflict."""


class Clock(Row):
    """An object of the control API."""
    now: str
    """The time of the emulator, with which rows are dated and events are due."""
    mode: Literal["live", "stopped", "offset"] | None
    """Live follows the machine's clock, offset runs beside it, a second or more away, stopped stands still."""
    note: str | None
    """What does not follow this clock; absent: everything does."""


class ClockChange(Row):
    """An object of the control API."""
    now: str
    """The time of the emulator afterwards."""
    mode: Literal["live", "stopped", "offset"]
    """How the clock goes on."""
    note: str | None
    """What does not follow this clock; absent: everything does."""
    change: Literal["advancing", "advanced", "interrupted", "stopped", "resumed"]
    """What was done; interrupted is a move whose client has gone, advancing is reported every 200 ms of a long move."""
    to: str | None
    """The target, of advancing."""


class Due(Row):
    """An object of the control API."""
    events: list[Row]
    """The earliest first, at most 200."""
    more: int
    """How many later ones are not listed."""


class Advance(Row):
    """An object of the control API."""
    duration: str
    """Years (y), calendar months (mo), weeks (w), days (d), then a Go duration."""
    anchor: int | None
    """The day of the month that months keep, or the last one of a shorter month; without it, the day of the current time: from 31 January, 1mo and again 1mo lead to 28 March."""


class SetClock(Row):
    """An object of the control API."""
    now: str
    """The time to go to; only later ones, and everything due until then happens."""


class AccountList(Row):
    """An object of the control API."""
    accounts: list[Account]
    """By id."""


class Account(Row):
    """An object of the control API."""
    account_id: int
    """The account."""
    parent_account_id: int | None
    """The account that it is a child of; absent: none."""
    name: str
    """The name."""
    email: str | None
    """The e-mail address."""
    balance: Decimal
    """Money that can be spent, in the account's currency."""
    money_on_hold: Decimal
    """Fees of the running month, charged at renewal or deletion, in the account's currency."""
    credit_limit: Decimal
    """How far the balance may fall below zero."""
    currency: str
    """USD, EUR or RUR."""
    frozen: bool
    """Whether the account is frozen and its calls are refused."""


class KeyList(Row):
    """An object of the control API."""
    keys: list[Row]
    """By id."""


class Books(Row):
    """An object of the control API."""
    transactions: list[Row]
    """Oldest first, at most 500."""
    more_transactions: int
    """How many older ones are not listed."""
    balances: list[Row]
    """Changes since the state was loaded, oldest first."""
    evicted_balances: int
    """How many older changes, of all accounts, were dropped."""


class AccountToCreate(Row):
    """An object of the control API."""
    name: str | None
    """Unique; default: account-ID."""
    api_key: str | None
    """Default: a random one."""
    balance: str | None
    """Money to begin with, in the account's currency."""
    currency: Literal["USD", "EUR", "RUR"] | None
    """What it pays in."""
    parent_account_id: int | None
    """An existing account, which may act for this one; default: none."""
    email: str | None
    """Unique; default: account-ID@example.com."""
    password: str | None
    """For account_password; default: none."""
    first_name: str | None
    """The owner's first name."""
    last_name: str | None
    """The owner's last name."""
    language_code: str | None
    """Of notifications."""
    location: str | None
    """The time zone, such as Etc/GMT."""
    mobile_phone: str | None
    """The owner's phone number."""
    custom_data: str | None
    """Free text."""
    inactive: bool | None
    """Whether its parent deactivated it."""
    created: str | None
    """Default: now."""
    credit_limit: str | None
    """How far the balance may fall below zero."""
    max_sip_registrations: int | None
    """0: no limit."""
    callback_url: str | None
    """Where callbacks are sent; default: none are sent."""
    callback_salt: str | None
    """An input of the callbacks' hash."""
    account_notifications: bool | None
    """No mails are sent."""
    tariff_changing_notifications: bool | None
    """No mails are sent."""
    news_notifications: bool | None
    """No mails are sent."""
    min_balance_to_notify: str | None
    """The balance below which a callback reports a low balance."""
    frozen: bool | None
    """Whether the account is frozen."""
    roles: list[str] | None
    """Of the key; default: Owner."""
    credentials: bool | None
    """False saves the tenth of a second that an RSA key takes."""
    applications: list[Row] | None
    """Applications to create in it."""


class CreatedAccount(Row):
    """An object of the control API."""
    account_id: int
    """The account."""
    name: str
    """The name."""
    email: str | None
    """The e-mail address."""
    balance: Decimal
    """Money that can be spent, in the account's currency."""
    money_on_hold: Decimal
    """Fees of the running month, charged at renewal or deletion, in the account's currency."""
    credit_limit: Decimal
    """How far the balance may fall below zero."""
    currency: str
    """USD, EUR or RUR."""
    frozen: bool
    """Whether the account is frozen and its calls are refused."""
    api_key: str
    """The key of its calls; shown only here."""
    key_id: str
    """The service-account key."""
    credentials: Credentials | None
    applications: list[Row]
    """What was created in it."""


class Named(Row):
    """An object of the control API."""
    id: int
    """The number that the API knows it by."""
    name: str
    """The name."""


class Credentials(Row):
    """An object of the control API."""
    account_email: str
    """The account's e-mail address."""
    account_id: int
    """The account."""
    key_id: str
    """The service-account key."""
    private_key: str
    """RSA, PEM; signs tokens."""


class TopUp(Row):
    """An object of the control API."""
    amount: str
    """Money to add, in the account's currency, at most six decimals."""


class Freeze(Row):
    """An object of the control API."""
    frozen: bool | None
    """Whether the account is frozen."""


class SignedToken(Row):
    """An object of the control API."""
    token: str
    """A JWT, valid for an hour of the machine's clock."""


State = Literal["in_progress", "successful", "failed", "offline"]


class RegistrationList(Row):
    """An object of the control API."""
    registrations: list[Registration]
    """By id."""


class Registration(Row):
    """An object of the control API."""
    id: int
    """Sip_registration_id of the API."""
    account_id: int
    """The account."""
    sip_username: str
    """The user that it registers as."""
    proxy: str
    """The registrar, host or host:port, a transport may follow."""
    state: State
    status_code: int | None
    """SIP status of the last answer; absent: none yet."""
    error_message: str | None
    """Reason phrase of the last answer."""
    deactivated: bool
    """Whether its subscription is frozen for want of money."""
    is_persistent: bool
    """Whether it stays registered without a user who is logged in."""
    application_id: int | None
    """The application."""
    rule_id: int | None
    """The rule that it is bound to; absent: none."""
    user_id: int | None
    """The user."""
    last_updated: str
    """When its state changed last, on the emulator's clock."""
    next_subscription_renewal: str
    """When the next month is charged."""
    subscription_price: Decimal | None
    """The monthly fee without tax, in the account's currency; with money=true only."""
    money_on_hold: Decimal | None
    """What is reserved for the current month; with money=true only."""
    due: str | None
    """When it changes next by itself; absent: never."""


class History(Row):
    """An object of the control API."""
    steps: list[Row]
    """Oldest first; at most 20000 of all registrations are kept."""
    evicted: int
    """How many older steps, of all registrations, were dropped."""


class SIPMessageList(Row):
    """An object of the control API."""
    messages: list[SIPMessage]
    """Oldest first; the latest 2000 are kept, and the latest 1000 incoming calls."""
    evicted: int
    """How many older messages, of all registrations, were dropped."""


class SIPMessage(Row):
    """An object of the control API."""
    number: int
    """Counts from 1."""
    at: str
    """On the emulator's clock."""
    registration_id: int | None
    """Absent: of no registration."""
    account_id: int | None
    """Of the registration."""
    sent: bool
    """By the emulator; false: received, or an explanation."""
    transport: Literal["UDP", "TCP", "TLS"] | None
    """How."""
    peer: str | None
    """Address of the PBX."""
    text: str
    """The message, or why no answer came; digests are ***."""
    call: IncomingCall | None


class IncomingCall(Row):
    """An INVITE for a registration; no media is exchanged."""
    registration_id: int
    """The registration that was called."""
    account_id: int
    """Its account."""
    to: str
    """Address that was called."""
    application: str | None
    """The application that the registration is bound to."""
    rule: str | None
    """The rule that it is bound to, or the first one that matches."""
    scripts: list[str]
    """The VoxEngine scripts that the real service would run."""
    status_code: int
    """The answer."""


class Answer(Row):
    """An object of the control API."""
    status_code: int
    """200 or 300 to 699."""
    reason: str | None
    """Default: the usual one of the status."""


class CallbackList(Row):
    """An object of the control API."""
    callbacks: list[Callback]
    """Oldest first."""


class Callback(Row):
    """An object of the control API."""
    id: int
    """The number of the callback."""
    account_id: int
    """The account."""
    type: str
    """The type, such as sip_registration_fail."""
    detail: Row
    """The members that the callback has beside its type."""
    state: Literal["queued", "retrying", "delivered", "given_up", "dropped"]
    """Queued, retrying after a failed attempt, delivered, given up after the last attempt, or dropped without a receiver."""
    attempts: int
    """How often delivery was tried."""
    created_at: str
    """When the change was made, on the emulator's clock."""
    next_attempt: str | None
    """When delivery is tried next; absent: never."""
    last_status: int | None
    """HTTP status of the receiver's last reply; absent: none."""
    last_failure: str | None
    """Why the last attempt failed; absent: it did not."""


class SentCallback(Row):
    """An object of the control API."""
    id: int
    """The number of the callback."""
    account_id: int
    """The account."""
    type: str
    """The type, such as sip_registration_fail."""
    detail: Row
    """The members that the callback has beside its type."""
    state: Literal["queued", "retrying", "delivered", "given_up", "dropped"]
    """Queued, retrying after a failed attempt, delivered, given up after the last attempt, or dropped without a receiver."""
    attempts: int
    """How often delivery was tried."""
    created_at: str
    """When the change was made, on the emulator's clock."""
    next_attempt: str | None
    """When delivery is tried next; absent: never."""
    last_status: int | None
    """HTTP status of the receiver's last reply; absent: none."""
    last_failure: str | None
    """Why the last attempt failed; absent: it did not."""
    url: str | None
    """Where it is sent, without secrets; absent: nowhere."""
    payload: Row
    """What is sent now, in the list callbacks of a request."""
    hash: str
    """The hash by the account's current salt and api key."""
    journal: list[Row]
    """The attempts that the journal has, oldest first."""


class RequestList(Row):
    """An object of the control API."""
    requests: list[Request]
    """In the order in which they began."""
    evicted: int
    """How many older requests the journal forgot, of the account if one was named."""


class Request(Row):
    """A call of the API or an attempt to deliver a callback; secrets are ***."""
    number: int
    """From 1, in the order in which they began."""
    kind: Literal["call", "callback"]
    """A call of the API, or an attempt to deliver a callback."""
    at: str
    """On the emulator's clock."""
    latency_ns: int
    """On the emulator's clock."""
    account_id: int | None
    """The account."""
    status: int | None
    """HTTP status; absent: no reply."""
    request_bytes: int
    """Size of the body, in bytes."""
    reply_bytes: int
    """Size of the reply's body, in bytes."""
    reply_type: str | None
    """Content-Type of the reply."""
    reply: str | None
    """The beginning of the body."""
    aborted: Literal["client", "fault", "panic"] | None
    """Who ended it before a whole reply was sent: the client, a fault, or a bug of the emulator."""
    verb: str | None
    """The HTTP method."""
    method: str | None
    """The method of the API; *** when it has not the shape of a name."""
    path: str | None
    """The path of a request that no route takes; such a request has no method, and a mistake whose parameter is path or verb."""
    style: Literal["path", "cmd", "bare"] | None
    """How the method was named: in the path, by cmd, or in a path without /platform_api."""
    encoding: Literal["query", "urlencoded", "multipart", "json"] | None
    """Where the parameters stood."""
    host: str | None
    """The Host header."""
    tls: bool | None
    """Whether it came by HTTPS."""
    protocol: str | None
    """HTTP/1.1 or HTTP/2.0."""
    user_agent: str | None
    """The User-Agent header."""
    parameters: Row | None
    """By name, each with all its values; secrets are ***."""
    parameters_left_out: int | None
    """How many parameters were too many to keep."""
    unidentified: bool | None
    """The caller did not prove who it is."""
    key_id: str | None
    """The service-account key."""
    mistakes: list[Row] | None
    """The verdict of the API's specification."""
    unknown_method: bool | None
    """Whether the real service has no such method."""
    not_emulated: bool | None
    """Whether the real service has the method and the emulator does not."""
    denied: str | None
    """Why the caller was refused, for example that the account exists and the api_key differs; clients are never told."""
    unknown_parameters: list[str] | None
    """Parameters that the method does not have."""
    fault: str | None
    """The rule that took the call."""
    fault_kinds: list[str] | None
    """The kinds of that rule, such as api_error; a delay can be beside another kind."""
    warnings: list[str] | None
    """What the client was told in X-Voxemu-Warning."""
    differences: list[str] | None
    """What the real service did otherwise, with --spy-upstream; they come after the reply."""
    code: int | None
    """Of the first error; absent: a success."""
    error: str | None
    """The name of the first error, such as INSUFFICIENT_MONEY."""
    field: str | None
    """The parameter of the first error."""
    callback_id: int | None
    """The callback that was delivered."""
    callback_type: str | None
    """Its type."""
    attempt: int | None
    """The attempt, from 1."""
    url: str | None
    """Where it was sent."""
    request: str | None
    """The body that was sent."""
    failure: str | None
    """Why the attempt failed; absent: it did not."""


class Change(Row):
    """Of a registration, an account or a user, which is told in the member of that name."""
    change: Literal["created", "changed", "deleted"]
    """What happened to it."""
    at: str
    """On the emulator's clock."""
    registration: Registration | None
    account: Account | None
    user: User | None


class UserList(Row):
    """An object of the control API."""
    users: list[User]
    """The users."""


class User(Row):
    """An object of the control API."""
    user_id: int
    """The user."""
    account_id: int
    """The account."""
    application_id: int | None
    """The application."""
    user_name: str
    """The user's name."""
    logged_in: bool
    """Whether the user is logged in."""


class Count(Row):
    """An object of the control API."""
    count: int
    """How many requests match."""
    evicted: int
    """How many older requests the journal has dropped because it was full; they may have matched, too."""


class Expectation(Row):
    """How many requests a filter must select; expectation.schema.json describes all members."""
    filter: Row | None
    """The members are the parameters of requests, with parameters as an object: a value, or {pattern: …}, or {given: true or false}."""
    then: list[Row] | None
    """Filters of requests that must follow in this order, instead of times; others may come between."""
    times: Row | None
    """Default: at least once."""


class MistakesToReport(Row):
    """An object of the control API."""
    account_id: int | None
    """Report this account only; default: all."""
    after: int | None
    """Report requests with a larger number; default: all."""
    allow_unknown: bool | None
    """Whether methods and parameters that the API does not have are allowed."""
    allow_mistakes: list[Row] | None
    """Filters of requests whose refused values are allowed; {} allows all."""


class MistakeReport(Row):
    """An object of the control API."""
    unknown: list[str]
    """Requests with methods or parameters that the API does not have, each in several lines."""
    refused: list[str]
    """Requests with values that the specification does not allow, each in several lines."""
    not_emulated: list[str]
    """Requests for methods that the real service has and the emulator does not; no mistakes."""
    untriggered: list[Untriggered]
    """Armed faults, except optional ones, that were not triggered, or not often enough."""
    evicted: int
    """How many older requests the journal forgot."""


class Untriggered(Row):
    """An object of the control API."""
    name: str
    """The name of the fault."""
    text: str
    """What it waited for, and how often it was triggered."""


class Verdict(Row):
    """An object of the control API."""
    request: int | None
    """The request's number in the journal."""
    rule: str
    """The rule's name."""
    number: int | None
    """The number of the call among those that the rule counts; absent: it would not count it."""
    unmet: str | None
    """The first condition that is not met, such as when.method; absent: the rule takes the call."""


class Preview(Row):
    """An object of the control API."""
    requests: list[Verdict]
    """By number, as if the rule had been armed alone before the first of them; of the headers only User-Agent is known."""


class Explanation(Row):
    """An object of the control API."""
    faults: list[Verdict]
    """In the order of the armed rules; of the headers only User-Agent is known."""
    parameters: list[Row]
    """Those of the method, then others that were given; empty for an unknown method."""


class Report(Row):
    """An object of the control API."""
    version: str
    """The version of the emulator."""
    requests: int
    """How many requests to the API."""
    callback_attempts: int
    """How many attempts to deliver a callback."""
    parameters_left_out: int | None
    """How many parameters were too many or too long to be counted."""
    methods: list[Row]
    """The emulated methods, by name."""
    errors: list[ReportItem]
    """Errors that every method can reply with."""
    faults: list[ReportItem]
    """Kinds of faults."""
    states: list[ReportItem]
    """States that registrations reached after their scenario was loaded, and frozen subscriptions."""
    callbacks: list[ReportItem]
    """Attempts to deliver a callback, by type."""
    mistakes: list[Row]
    """What in the requests does not fit the API, the most frequent first."""
    more_mistakes: int | None
    """How many mistakes are not listed."""
    untriggered: list[str]
    """Armed faults that were not triggered, or not often enough."""


class ReportItem(Row):
    """An object of the control API."""
    name: str
    """Its name."""
    times: int
    """How often; 0: never."""
    by_fault: int | None
    """How many of them an armed fault caused."""


class MethodList(Row):
    """An object of the control API."""
    methods: list[Row]
    """By name."""
    errors: Row
    """The codes of all errors by name."""
    faults: list[str]
    """The kinds of faults."""


class FaultList(Row):
    """An object of the control API."""
    faults: list[Fault]
    """In the order in which they are tried."""


class Fault(Row):
    """An object of the control API."""
    name: str
    """Unique among the armed rules."""
    seen: int
    """How many calls met when, but for nth, every, first, skip and probability."""
    hits: int
    """How many calls it took."""
    remaining: int | None
    """How many more it may; absent: without limit."""
    rule: Rule


class RuleList(Row):
    """An object of the control API."""
    faults: list[Rule]
    """In the order in which they are tried."""


class Rule(Row):
    """A rule as in a scenario's faults; rule.schema.json describes all members."""
    name: str | None
    """Unique; default when it is posted: fault-1, fault-2 …."""
    when: Row | None
    """Which calls; default: all."""
    then: Row
    """One kind of fault, and delay beside it if wanted."""
    after: bool | None
    """The work is done, then the answer is lost."""
    times: int | None
    """How often it fires; default: without limit."""
    optional: bool | None
    """It may stay unspent."""
