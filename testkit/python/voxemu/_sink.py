"""Receives callbacks."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Mapping

_LIMIT = 1 << 20  # bytes of a body


def callback_hash(account: Mapping[str, Any], callback_id: int) -> str:
    """The required member hash of an account's callback: the MD5, in hexadecimal, of
    callback salt, account id, api_key and callback id, concatenated."""
    text = f"{account.get('callback_salt', '')}{account['id']}{account.get('api_key', '')}{callback_id}"
    return hashlib.md5(text.encode()).hexdigest()


@dataclass(frozen=True)
class Received:
    """A callback with a correct hash."""

    id: int
    """The callback_id."""
    type: str
    """The event, for example sip_registration_fail."""
    account_id: int
    """The account that was notified."""
    detail: Any = None
    """The member named by type; None if there is none."""
    fields: dict = field(default_factory=dict, compare=False)
    """All members."""


class Sink:
    """A receiver of callbacks on a free port of 127.0.0.1. A request with a wrong hash, or
    without one, fails the test at its end and is answered with 400."""

    def __init__(self, account: Callable[[int], Mapping[str, Any] | None]):
        self._account, self._guard = account, threading.Lock()
        self._received: list[Received] = []
        self.failures: list[str] = []
        """What arrived and was no callback."""
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                problem = sink._take(self.rfile.read(min(size, _LIMIT)))
                body = problem.encode()
                self.send_response(400 if problem else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        """The address for callbacks."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True, name="voxemu-sink").start()

    @property
    def received(self) -> list[Received]:
        """The callbacks so far, in the order of arrival."""
        with self._guard:
            return list(self._received)

    def close(self) -> None:
        """Closes the port."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, body: bytes) -> str:
        """Keeps the callbacks of a body; the result is what is wrong with it."""
        try:
            arrived = self._read(body)
        except (ValueError, TypeError, KeyError) as error:
            problem = str(error)
            with self._guard:
                self.failures.append(problem)
            return problem
        with self._guard:
            self._received += arrived
        return ""

    def _read(self, body: bytes) -> list[Received]:
        try:
            callbacks = json.loads(body)["callbacks"]
        except (ValueError, KeyError, TypeError):
            raise ValueError('want {"callbacks":[…]}') from None
        if not callbacks:
            raise ValueError("callbacks: want at least one")
        return [self._check(number, one) for number, one in enumerate(callbacks)]

    def _check(self, number: int, one: dict) -> Received:
        for name in ("callback_id", "type", "account_id", "hash"):
            if name not in one:
                raise ValueError(f"callbacks[{number}]: {name}: required")
        account = self._account(one["account_id"])
        if account is None:
            raise ValueError(f"callbacks[{number}]: account_id: the sink does not know account {one['account_id']}")
        if not hmac.compare_digest(str(one["hash"]), callback_hash(account, one["callback_id"])):
            raise ValueError(f'callbacks[{number}]: hash: "{one["hash"]}" is not md5(salt + account_id + api_key + callback_id)')
        return Received(one["callback_id"], one["type"], one["account_id"], one.get(one["type"]), one)
