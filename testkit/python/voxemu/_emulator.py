"""An emulator in a test."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from functools import cached_property
from typing import Any, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from . import _environment
from ._calls import Call, Expectation
from . import _report
from ._control import Control, Refused, segment
from ._failure import Failure, NotStarted
from ._process import Process, scenario_files
from ._row import Row
from ._sink import Sink
from ._types import Account, Callback, Registration, Request, User

START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
"""The time at which the clock is stopped, unless a scenario sets another."""

HOST = "VOXIMPLANT_EMULATOR_HOST"
SHOWN = 20  # requests in a report


def start(
    scenario: Any = None,
    *,
    attach: bool | None = None,
    live_clock: bool = False,
    strict: bool = False,
    allow_unknown: bool = False,
    allow_mistakes: bool | Call | Iterable[Call] = False,
) -> Emulator:
    """Starts an emulator on free ports, or attaches to one that runs.

    Use it in a ``with`` block, or call ``stop()``: both fail for mistakes that are not
    allowed and for faults that were never triggered.

    scenario: a built-in name such as ``"empty"``, the path of a file, a text in YAML, a
    dict, or a list of these, merged in order. Default: demo.

    attach: uses the emulator that VOXIMPLANT_EMULATOR_HOST names, with an account of its
    own, which is deleted at the end. Default: if the variable is set and there is no
    scenario. Clock and snapshots of that emulator are shared, so they cannot be used.

    live_clock: the clock runs in real time. Default: it is stopped at START.

    strict: unknown parameters are refused with error 492. Default: ignored, as by the real
    API, and reported at the end.

    allow_unknown: allows methods and parameters that the API does not have.

    allow_mistakes: allows refused values: all, or in the requests that a Call selects.
    """
    host = os.environ.get(HOST)
    if attach is None:
        attach = bool(host) and scenario is None
    if attach and scenario is not None:
        raise ValueError("voxemu: attach and scenario: give one of them; an emulator that others use keeps its scenario")
    emulator = Emulator(allow_unknown, allow_mistakes)
    try:
        if attach and host:
            emulator._attach(host)
        else:
            emulator._start(scenario, live_clock, strict)
        for call in emulator._allowed:
            emulator._mistakes(check=[call])
    except BaseException:
        emulator._release()
        raise
    return emulator


@dataclass
class Snapshot:
    """A saved state; see Emulator.snapshot."""

    name: str
    faults: list


class Fault:
    """An armed fault."""

    def __init__(self, emulator: Emulator, name: str):
        self._emulator = emulator
        self.name = name
        """The name of the fault in the journal and in replies."""

    @property
    def hits(self) -> int:
        """How often the fault was triggered; 0 once it is stopped."""
        return next((f.hits for f in self._emulator._faults() if f.name == self.name), 0)

    def stop(self) -> None:
        """Disarms the fault; it is not reported at the end of the test."""
        try:
            self._emulator.control.call("DELETE", "faults/" + segment(self.name))
        except Refused as refused:
            if refused.status != 404:
                raise


class Emulator:
    """An emulator in one test; see start.

    Its methods raise Failure, an AssertionError, for what the emulator refuses.
    """

    url: str
    """The base URL for HTTP without a trailing slash; the API is below /platform_api/."""
    tls_url: str
    """The base URL for HTTPS, for clients that need it; see ca_file."""
    account_id: int
    """The account of the test: the lowest id of the scenario, or the own account."""
    control: Control
    """The control API, for what the methods do not offer."""

    def __init__(self, allow_unknown: bool, allow_mistakes: bool | Call | Iterable[Call]):
        self._allow_unknown = allow_unknown
        if allow_mistakes is True:
            allow_mistakes = [Call()]
        self._allowed = [allow_mistakes] if isinstance(allow_mistakes, Call) else list(allow_mistakes or [])
        self._process: Process | None = None
        self._own_account: Any = None  # of an emulator that others use
        self._folder = tempfile.mkdtemp(prefix="voxemu-test-")
        self._files = 0
        self._named = 0  # faults and snapshots
        self._reset_checks()
        self._sinks: list[Sink] = []
        self._stopped = False

    def _reset_checks(self) -> None:
        self._places: dict[str, str] = {}
        self._open: list[Expectation] = []
        self._unknown: list[str] = []  # requests before a restore
        self._refused: list[str] = []
        self._failures: list[str] = []
        self._triggered: set[str] = set()

    # -- begin and end

    def _start(self, scenario: Any, live_clock: bool, strict: bool) -> None:
        files = scenario_files(scenario, self._folder, live_clock)
        self._process = Process(files, ["--strict"] if strict else [], self._folder)
        self.url, self.tls_url = self._process.url, self._process.tls_url
        self.control = Control(self.url)
        accounts = self.control.get("accounts")["accounts"]
        self.account_id = accounts[0]["account_id"] if accounts else 0

    def _attach(self, host: str) -> None:
        url = host if "://" in host else "http://" + host
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or not address.netloc:
            raise NotStarted(f"voxemu: {HOST}={host!r}: want host:port or http://host:port")
        self.url = f"{address.scheme}://{address.netloc}"
        self.control = Control(self.url, os.environ.get("VOXEMU_CONTROL_TOKEN"))
        self._own_account = self.control.post("accounts", {"credentials": False})
        self.account_id = self._own_account["account_id"]
        self.tls_url = self.url
        if address.scheme == "http":
            port = urlsplit(self.control.get("health")["listeners"].get("https", "")).port
            name = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname
            self.tls_url = f"https://{name}:{port}" if port else ""

    def __enter__(self) -> Emulator:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        __tracebackhide__ = True
        self._end(check=kind is None)

    def stop(self) -> None:
        """Stops the emulator, or leaves it. Raises Failure for mistakes of the client that
        are not allowed and for faults that were never triggered. Stopping again has no
        effect."""
        __tracebackhide__ = True
        self._end(check=True)

    def _end(self, check: bool) -> None:
        __tracebackhide__ = True
        if self._stopped:
            return
        self._stopped = True
        try:
            if check:
                self.verify()
        finally:
            self._release()

    def _release(self) -> None:
        for sink in self._sinks:
            sink.close()
        if self._own_account:
            try:
                self.control.call("DELETE", f"accounts/{self.account_id}")
            except (Failure, NotStarted) as error:
                print(f"voxemu: account {self.account_id} stays at {self.url}: {error}", file=sys.stderr)
        try:
            if self._process:
                _report.add(self.control)
        finally:
            if self._process:
                self._process.stop()
            shutil.rmtree(self._folder, ignore_errors=True)

    def verify(self) -> None:
        """Raises Failure for what stop() would fail for so far."""
        __tracebackhide__ = True
        try:
            self._report_faults()
            self._collect_mistakes()
            self._report("sent what the API does not know", "allow_unknown=True", self._unknown)
            self._report("sent what the contract refuses", "allow_mistakes=True", self._refused)
            for problem in (p for sink in self._sinks for p in sink.failures):
                self._failures.append(f"the callback sink received a request that is not a callback: {problem}")
            for one in self._open:
                self._failures.append(f"{one._place}: expect({self._in_words(one)}) does not say how many; "
                                      "add once(), times(n), never(), at_least(n), at_most(n) or in_order(…)")
            failures = self._failures
        finally:
            self._reset_checks()
        if failures:
            raise Failure("\nvoxemu: ".join(failures))

    # -- connect

    @property
    def account_name(self) -> str:
        """The account's name, the middle part of full application names."""
        return self._own_account["name"] if self._own_account else self._account_row()["name"]

    @property
    def api_key(self) -> str:
        """The api_key of the account, which grants all rights."""
        if self._own_account:
            return self._own_account["api_key"]
        key = self._account_row().get("api_key")
        if not key:
            raise Failure(f"account {self.account_id} has no api_key in the scenario; use credentials_file or token()")
        return key

    def _account_row(self) -> Row:
        row = self._stored_account(self.account_id)
        if row is None:
            raise Failure("the scenario has no account")
        return row

    def _stored_account(self, account_id: int) -> Row | None:
        return next((a for a in self.state().get("accounts", []) if a["id"] == account_id), None)

    @cached_property
    def credentials_file(self) -> str:
        """The path of a credentials.json of the account's first key with the role Owner,
        for the official SDKs. It is removed at the end of the test."""
        return self.credentials(self._owner_key())

    def credentials(self, key: str) -> str:
        """The path of a credentials.json of any service-account key, such as admin-key."""
        __tracebackhide__ = True
        return self._write(f"credentials-{segment(key)}.json", self._of_key(key, "credentials"))

    def token(self, key: str | None = None) -> str:
        """A new token of a key, for the header ``Authorization: Bearer``, valid for an hour
        of the machine's clock. Default: the account's first key with the role Owner."""
        __tracebackhide__ = True
        import json

        return json.loads(self._of_key(key or self._owner_key(), "token"))["token"]

    def _of_key(self, key: str, what: str) -> str:
        __tracebackhide__ = True
        try:
            return self.control.text("POST", f"keys/{segment(key)}/{what}")
        except Refused as refused:
            if refused.status != 404:
                raise
            raise Failure(f"{refused.text}; known: {', '.join(k['id'] for k in self._keys())}") from None

    def _keys(self) -> list[Row]:
        return self.state().get("keys", [])

    def _owner_key(self) -> str:
        if self._own_account:
            return self._own_account["key_id"]
        for key in self._keys():
            if key["account_id"] == self.account_id and "Owner" in key.get("roles", []):
                return key["id"]
        raise Failure(f"account {self.account_id} has no key with the role Owner in the scenario")

    @cached_property
    def ca_file(self) -> str:
        """The path of the certificate of the authority behind tls_url, and no other."""
        return self._write("ca.pem", self.control.text("GET", "ca.pem"))

    @cached_property
    def _bundle(self) -> str:
        with open(self.ca_file, encoding="utf-8") as file:
            return self._write("ca-bundle.pem", _environment.authorities(os.environ) + file.read())

    @cached_property
    def env(self) -> dict[str, str]:
        """The environment of this process with the variables that point programs at the
        emulator, for ``subprocess.run(…, env=emu.env)``."""
        around = {name: value for name, value in os.environ.items() if name != "VOXEMU_CONTROL_TOKEN" or self._own_account}
        around[HOST] = self.url.removeprefix("http://")
        try:
            around["VOXIMPLANT_CREDENTIALS"] = around["VOXIMPLANT_CREDENTIALS_PATH"] = self.credentials_file
        except Failure:  # the scenario has no such key
            around.pop("VOXIMPLANT_CREDENTIALS", None)
            around.pop("VOXIMPLANT_CREDENTIALS_PATH", None)
        if self.tls_url:
            around["VOXEMU_TLS_HOST"] = self.tls_url.removeprefix("https://")
            around["NODE_EXTRA_CA_CERTS"] = self.ca_file
            around["REQUESTS_CA_BUNDLE"] = around["SSL_CERT_FILE"] = self._bundle
        return {**around, **_environment.overrides(os.environ, self._bundle, urlsplit(self.url).hostname or "")}

    def sdk(self, credentials_file: str | None = None) -> Any:
        """A client of the official SDK, voximplant.apiclient.VoximplantAPI, that reaches
        this emulator as its account and trusts its certificate.

        If a proxy is set, NO_PROXY of this process gets the emulator in addition, because
        the SDK reads it.
        """
        import ssl

        # Not a dependency: whoever tests with the SDK has it.
        from voximplant.apiclient import VoximplantAPI  # type: ignore[import-untyped]

        os.environ.update({n: v for n, v in _environment.overrides(os.environ, "", urlsplit(self.url).hostname or "").items() if n.lower() == "no_proxy"})
        client = VoximplantAPI(credentials_file or self.credentials_file, self.tls_url.removeprefix("https://"))
        if hasattr(client, "_ca_verify"):
            trusted = ssl.create_default_context(cafile=self.ca_file)
            client._ca_verify = lambda: trusted
        else:  # versions up to 2.11 use requests, which reads the variable
            os.environ["REQUESTS_CA_BUNDLE"] = self._bundle
        return client

    def _write(self, name: str, text: str) -> str:
        """Creates a file in its own folder, readable by this user only."""
        self._files += 1
        folder = os.path.join(self._folder, str(self._files))
        os.mkdir(folder, 0o700)
        path = os.path.join(folder, name)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return path

    # -- rows

    def add(self, **rows: Iterable[Mapping[str, Any]]) -> Row:
        """Adds rows of any kind of a scenario, such as ``transactions=[{…}]``, and returns
        them as they are stored. Members that are left out get defaults, ids included."""
        __tracebackhide__ = True
        try:
            body = {kind: list(list_) for kind, list_ in rows.items()}
            return self.control.post("state", body, account_id=self.account_id or None)
        except Refused as refused:
            raise Failure("these rows are not valid:\n" + refused.text) from None

    def _add_one(self, kind: str, row: Mapping[str, Any]) -> Row:
        __tracebackhide__ = True
        return self.add(**{kind: [row]})[kind][0]

    def add_account(self, **row: Any) -> Row:
        """Adds an account and returns the stored row. Defaults: the next id; name, e-mail
        and api_key with the id; USD."""
        __tracebackhide__ = True
        return self._add_one("accounts", row)

    def add_key(self, **row: Any) -> Row:
        """Adds a service-account key. Defaults: an id; the account of the test."""
        __tracebackhide__ = True
        return self._add_one("keys", row)

    def add_application(self, **row: Any) -> Row:
        """Adds an application. Defaults: the next id; a name with the id; the account of the
        test."""
        __tracebackhide__ = True
        return self._add_one("applications", row)

    def add_rule(self, **row: Any) -> Row:
        """Adds a rule. Defaults: the next id; a name with the id; the pattern ``.*``; the
        application if there is only one."""
        __tracebackhide__ = True
        return self._add_one("rules", row)

    def add_user(self, **row: Any) -> Row:
        """Adds a user. Defaults: the next id; a name with the id; the account of the
        application."""
        __tracebackhide__ = True
        return self._add_one("users", row)

    def add_registration(self, **row: Any) -> Row:
        """Adds a registration. Defaults: the next id; a user name with the id; the proxy
        sip.example.com; the account of the test; the scenario's monthly fee. Without a
        state it starts at once, and the returned row has the registrar's answer if it has
        no delay."""
        __tracebackhide__ = True
        return self._add_one("registrations", row)

    def state(self) -> Row:
        """The whole state with secrets, as a scenario."""
        return self.control.get("state", format="json", secrets=True)

    def account(self, account_id: int | None = None) -> Account:
        """The current row of an account; default: that of the test."""
        __tracebackhide__ = True
        wanted = self.account_id if account_id is None else account_id
        for row in self.control.get("accounts")["accounts"]:
            if row["account_id"] == wanted:
                return Account(row)
        raise Failure(f"there is no account {wanted}")

    def registration(self, registration_id: int) -> Registration:
        """The current row of a registration."""
        __tracebackhide__ = True
        for row in self.registrations():
            if row["id"] == registration_id:
                return row
        raise Failure(f"there is no registration {registration_id}")

    def registrations(self) -> list[Registration]:
        """The current registrations by id: of all accounts, or of the own one when
        attached."""
        return [Registration(r) for r in self.control.get("registrations", account_id=self._only())["registrations"]]

    def users(self) -> list[User]:
        """The users by id, and who is logged in."""
        return [User(u) for u in self.control.get("users", account_id=self._only())["users"]]

    def _only(self) -> int | None:
        return self.account_id if self._own_account else None

    def require_state(self, **rows: Iterable[Mapping[str, Any]]) -> None:
        """Compares rows of the emulator with the required ones, for example
        ``registrations=[{"id": 1, "state": "failed"}]``, and fails with their differences.
        A kind that is not named is not compared, and of a row only the given members. The
        names are those of a scenario."""
        __tracebackhide__ = True
        state = self.state()
        lines = []
        for kind, wanted in rows.items():
            got = {row["id"]: row for row in state.get(kind, []) if not self._own_account or row.get("account_id", row["id"]) == self.account_id}
            for want in wanted:
                row = got.pop(want["id"], None)
                if row is None:
                    lines.append(f"- {kind} {want['id']}: {dict(want)}")
                    continue
                for name, value in want.items():
                    if _comparable(row.get(name)) != _comparable(value):
                        lines += [f"- {kind} {want['id']}: {name}: {value!r}", f"+ {kind} {want['id']}: {name}: {row.get(name)!r}"]
            lines += [f"+ {kind} {id_}: {dict(row)}" for id_, row in got.items()]
        if lines:
            raise Failure("the emulator's state differs (-want +got):\n" + "\n".join(lines))

    # -- time and events

    def _own_clock(self) -> None:
        __tracebackhide__ = True
        if self._own_account:
            raise Failure("clock and snapshots of an emulator that others use are shared; start a private one with start(attach=False)")

    def now(self) -> datetime:
        """The emulator's time, in UTC."""
        return _moment(self.control.get("clock")["now"])

    def advance(self, duration: str) -> datetime:
        """Moves the clock forward, for example by ``"1mo"``, ``"31d"`` or ``"90s"``, and
        runs, in order, everything that becomes due. The result is the new time."""
        __tracebackhide__ = True
        self._own_clock()
        return _moment(self.control.post("clock/advance", {"duration": duration})["now"])

    def advance_to(self, at: datetime | str) -> datetime:
        """Moves the clock forward to a time, with a time zone."""
        __tracebackhide__ = True
        self._own_clock()
        if isinstance(at, datetime):
            if at.tzinfo is None:
                raise ValueError(f"voxemu: {at}: want a time with a time zone, such as datetime(2026, 4, 1, tzinfo=timezone.utc)")
            at = at.isoformat()
        return _moment(self.control.post("clock/set", {"now": at})["now"])

    def settle(self) -> None:
        """Runs everything that is due and waits until each callback that can be sent was
        answered or waits for its retry."""
        __tracebackhide__ = True
        self.control.post("callbacks/settle")

    def callbacks(self) -> list[Callback]:
        """The callbacks by id, after settle(), with their state and attempts."""
        __tracebackhide__ = True
        self.settle()
        return [Callback(c) for c in self.control.get("callbacks", account_id=self._only())["callbacks"]]

    def callback_sink(self) -> Sink:
        """Opens a receiver of callbacks until the end of the test, sets the callback_url of
        the account, and a salt if it has none. settle() waits for deliveries."""
        __tracebackhide__ = True
        sink = Sink(self._stored_account)
        self._sinks.append(sink)
        row = self._account_row()
        self.add(accounts=[{**row, "callback_url": sink.url, "callback_salt": row.get("callback_salt") or "pepper"}])
        return sink

    def answer(self, registration_id: int, status: int, reason: str = "") -> Registration:
        """Makes the registrar answer a registration now, with 200 or a SIP status from 300
        to 699. The default reason is the standard one."""
        __tracebackhide__ = True
        body = {"status_code": status, **({"reason": reason} if reason else {})}
        return Registration(self.control.post(f"registrations/{segment(registration_id)}/answer", body))

    def login(self, user_id: int) -> None:
        """Logs a user in: the non-persistent registration bound to the user registers."""
        __tracebackhide__ = True
        self.control.post(f"users/{segment(user_id)}/login")

    def logout(self, user_id: int) -> None:
        """Logs a user out: that registration goes offline."""
        __tracebackhide__ = True
        self.control.post(f"users/{segment(user_id)}/logout")

    def top_up(self, amount: str | int | Decimal, account_id: int | None = None) -> Account:
        """Adds money to an account, in its currency, for example ``"10.00"``; default: that
        of the test. Frozen subscriptions that it can then pay are reactivated at once."""
        __tracebackhide__ = True
        wanted = self.account_id if account_id is None else account_id
        return Account(self.control.post(f"accounts/{segment(wanted)}/top-up", {"amount": str(amount)}))

    def freeze_account(self, frozen: bool = True, account_id: int | None = None) -> Account:
        """Freezes or unfreezes an account, as the platform's administrators can; default:
        that of the test."""
        __tracebackhide__ = True
        wanted = self.account_id if account_id is None else account_id
        return Account(self.control.post(f"accounts/{segment(wanted)}/freeze", {"frozen": frozen}))

    # -- faults

    def fail(
        self,
        method: str,
        kind: str | Mapping[str, Any],
        *,
        nth: int | None = None,
        times: int | None = None,
        after: bool = False,
        on: Mapping[str, Any] | None = None,
        when: Mapping[str, Any] | None = None,
        delay: str | Mapping[str, Any] | None = None,
        optional: bool = False,
    ) -> Fault:
        """Makes requests for a method fail; in its name * matches any characters.

        kind: ``"close"``, ``"reset"``, ``"hang"``, ``"empty_body"`` …, the name of an error
        such as ``"INSUFFICIENT_MONEY"``, or a kind with its settings, such as
        ``{"http": {"status": 429}}``. docs/faults.md lists them.

        nth: only the n-th request, from 1. times: n requests. after: the request is
        processed first: the change is saved, and the client gets no reply. on: only requests
        with these values of parameters. when: other conditions, as in a scenario. delay: a
        time before the fault, such as ``"2s"``. optional: it may stay untriggered.

        A fault that was never triggered, or fewer times than times, fails the test.
        """
        __tracebackhide__ = True
        name = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in method)[:40]
        then: dict[str, Any]
        if isinstance(kind, Mapping):
            then = dict(kind)
        else:
            then = {"api_error": kind} if kind[:1].isupper() else {kind: {}}
        if delay is not None:
            then["delay"] = dict(delay) if isinstance(delay, Mapping) else {"fixed": delay}
        condition: dict[str, Any] = {"method": method, **(when or {})}
        if nth is not None:
            condition["nth"] = nth
        if on:
            condition["parameters"] = {**condition.get("parameters", {}), **{p: str(v) for p, v in on.items()}}
        if self._own_account:
            condition["account"] = self.account_id
        rule: dict[str, Any] = {"name": self._next(name), "when": condition, "then": then}
        for member, value in (("after", after), ("times", times), ("optional", optional)):
            if value is not None and value is not False:
                rule[member] = value
        self._places[rule["name"]] = _place()
        try:
            self.control.call("PUT", "faults/" + segment(rule["name"]), rule)
        except Refused as refused:
            raise Failure("\n".join(f'fault "{rule["name"]}": {p["message"]}' for p in refused.problems)) from None
        return Fault(self, rule["name"])

    def _next(self, name: str) -> str:
        self._named += 1
        # Other tests use the same emulator; the account is theirs alone.
        return f"{name}-{self.account_id}-{self._named}" if self._own_account else f"{name}-{self._named}"

    def _faults(self) -> list[Row]:
        return self.control.get("faults", account_id=self._only())["faults"]

    # -- verification

    def expect(self, call: str | Call | None = None, **parameters: Any) -> Expectation:
        """Begins an assertion on the requests since the start, or since the last restore()::

            emu.expect("CreateSipRegistration", proxy="sip.example.com").once()

        A failure states the expectation, the matching requests and the most similar ones.
        """
        return Expectation(self, _call(call, parameters), _place())

    def requests(self, call: str | Call | None = None, **parameters: Any) -> list[Request]:
        """The requests that match, in the order of their beginnings, since the start or the
        last restore()."""
        __tracebackhide__ = True
        wanted = self._scoped(_call(call, parameters).filter)
        # The query knows no patterns: verify refuses what no request can match, and says
        # which requests match when it wants more than there can be.
        try:
            self.control.post("verify", {"filter": wanted, "times": {"min": 1 << 40}})
        except Refused as refused:
            if refused.status != 409:
                if self._is_allowed(refused):
                    return []
                raise Failure("no call can match: " + refused.text) from None
            matched = set(refused.problem["detail"]["matched"])
        every = self.control.get("requests", kind="call", account_id=self._only())["requests"]
        return [Request(r) for r in every if r["number"] in matched]

    def _scoped(self, condition: Mapping[str, Any]) -> dict:
        return {**condition, **({"account_id": self.account_id} if self._own_account else {})}

    def _verify_calls(self, calls: Sequence[Call], times: Mapping[str, int] | None) -> None:
        __tracebackhide__ = True
        first, *then = [self._scoped(c.filter) for c in calls]
        body: dict[str, Any] = {"filter": first}
        if times is not None:
            body["times"] = times
        elif then:
            body["then"] = then
        try:
            self.control.post("verify", body)
        except Refused as refused:
            if refused.status == 409:
                raise Failure(refused.text) from None
            # No request had the name, so none matches.
            if self._is_allowed(refused) and times is not None and times["min"] == 0:
                return
            raise Failure("no call can match: " + refused.text) from None

    def _is_allowed(self, refused: Refused) -> bool:
        return self._allow_unknown and all(p.get("member", "").split(".")[-1] in ("method", "parameters") for p in refused.problems)

    def _in_words(self, call: Call) -> str:
        """The emulator's words for a matcher."""
        try:
            self.control.post("verify", {"filter": call.filter, "times": {"min": 1 << 40}})
        except Refused as refused:
            want = refused.problem.get("detail", {}).get("want", "")
            return want.split(" ", 3)[-1].replace("requests", "request", 1) if want else "…"
        return "…"

    def _mistakes(self, check: list[Call] | None = None) -> Row:
        __tracebackhide__ = True
        allowed = self._allowed if check is None else check
        body = {"allow_unknown": self._allow_unknown, "allow_mistakes": [c.filter for c in allowed], "account_id": self._only() or 0}
        try:
            return self.control.post("mistakes", body)
        except Refused as refused:
            if check is not None and self._is_allowed(refused):
                return Row()
            raise Failure("no call can match: " + refused.text) from None

    def _collect_mistakes(self) -> None:
        """Reads the mistakes from the journal before it is cleared."""
        found = self._mistakes()
        for line in found["not_emulated"]:
            print(f"voxemu: {line}: the real service has the method, voxemu does not", file=sys.stderr)
        if found["evicted"]:
            print(f"voxemu: the journal dropped {found['evicted']} older requests; their mistakes are not reported", file=sys.stderr)
        self._unknown += found["unknown"]
        self._refused += found["refused"]

    def _report(self, what: str, allow: str, requests: list[str]) -> None:
        if not requests:
            return
        lines = requests[:SHOWN]
        if len(requests) > SHOWN:
            lines.append(f"  and {len(requests) - SHOWN} more")
        self._failures.append(f"the client {what}:\n" + "\n".join(lines) + f"\nallow with {allow}")

    def _report_faults(self, come_back: Iterable[str] = ()) -> None:
        """Collects the faults that were not triggered often enough, except those that a
        restore arms again: these must be triggered once, not after each restore."""
        untriggered = {f["name"]: f["text"] for f in self._mistakes()["untriggered"]}
        for name in come_back:
            if untriggered.pop(name, None) is None:
                self._triggered.add(name)
        lines = []
        for name, text in untriggered.items():
            if name not in self._triggered:
                place = self._places.get(name)
                lines.append("  " + (f"{place}: " if place else "") + text)
        if lines:
            self._failures.append("faults were never triggered, or not as often as they should be:\n" + "\n".join(lines) + "\nallow with optional=True")

    # -- snapshots

    def snapshot(self) -> Snapshot:
        """Saves the state and the armed faults, for the cases of a table."""
        __tracebackhide__ = True
        self._own_clock()
        saved = Snapshot(self._next("kit"), [f["rule"] for f in self._faults()])
        self.control.post("snapshots", {"name": saved.name})
        return saved

    def restore(self, saved: Snapshot) -> None:
        """Goes back to a snapshot: rows, settings, next ids. The clock does not go back.
        expect() and requests() ignore earlier requests, but their mistakes are still
        reported. The snapshot's faults are armed again; each must be triggered between any
        two restores, not in all cases. Later faults are disarmed, and reported if they were
        not triggered."""
        __tracebackhide__ = True
        self._own_clock()
        self._report_faults([rule["name"] for rule in saved.faults])
        self.control.call("PUT", "faults", {"faults": saved.faults})
        self._collect_mistakes()
        self.control.call("DELETE", "requests")
        self.control.post(f"snapshots/{segment(saved.name)}/restore")


def _call(call: str | Call | None, parameters: Mapping[str, Any]) -> Call:
    if isinstance(call, Call):
        for name, value in parameters.items():
            call = call.with_(name, value)
        return call
    return Call(call, **parameters)


def _place() -> str:
    """FILE:LINE of the test that called the kit."""
    here, frame = os.path.dirname(__file__), sys._getframe(1)
    while frame.f_back and os.path.dirname(frame.f_code.co_filename) == here:
        frame = frame.f_back
    return f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"


def _comparable(value: Any) -> Any:
    """Amounts of money are equal as text and as number, and absent members to nothing."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return Decimal(str(value))
    if isinstance(value, str):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value or None if value in (False, [], None) else value


def _moment(text: str) -> datetime:
    head, dot, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(head + (dot + fraction[:6].ljust(6, "0") if dot else "")).replace(tzinfo=timezone.utc)
