"""A client of the control API."""

from __future__ import annotations

import http.client
import json
import os
import ssl
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ._failure import Failure, NotStarted
from ._row import Row

# A long move of the clock takes minutes.
TIMEOUT = 600  # seconds


class Refused(Failure):
    """The control API refused a request."""

    def __init__(self, status: int, problem: dict):
        self.status, self.problem = status, problem
        self.problems = [problem, *problem.get("more", [])]
        super().__init__("\n".join(p["message"] for p in self.problems))


class Control:
    """Sends requests to the control API of one emulator."""

    def __init__(self, url: str, token: str | None = None):
        address = urlsplit(url)
        self.url, self._token = url, token
        self._host, self._port, self._tls = address.hostname or "", address.port, address.scheme == "https"

    def text(self, verb: str, path: str, body: Any = None, **query: Any) -> str:
        """Returns the body of the reply; raises Refused for an error."""
        __tracebackhide__ = True
        given = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items() if value is not None}
        target = "/_voxemu/" + path + ("?" + urlencode(given, doseq=True) if given else "")
        headers = {"Authorization": "Bearer " + self._token} if self._token else {}
        connection = self._connection()
        try:
            connection.request(verb, target, None if body is None else json.dumps(body, default=str), headers)
            reply = connection.getresponse()
            text = reply.read().decode()
        except (OSError, http.client.HTTPException) as error:
            raise NotStarted(f"voxemu: {verb} {self.url}{target}: {error}; the emulator does not answer") from error
        finally:
            connection.close()
        if reply.status == 200:
            return text
        try:
            problem = json.loads(text)["error"]
        except (ValueError, KeyError):
            problem = {"message": f"{verb} {target}: HTTP {reply.status}: {text.strip()}; is this an emulator?"}
        raise Refused(reply.status, problem)

    def call(self, verb: str, path: str, body: Any = None, **query: Any) -> Any:
        """Returns the reply, decoded. Numbers with a point are decimals, as money is."""
        __tracebackhide__ = True
        return json.loads(self.text(verb, path, body, **query), object_hook=Row, parse_float=Decimal)

    def get(self, path: str, **query: Any) -> Any:
        __tracebackhide__ = True
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any = None, **query: Any) -> Any:
        __tracebackhide__ = True
        return self.call("POST", path, body, **query)

    def _connection(self) -> http.client.HTTPConnection:
        if not self._tls:
            return http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT)
        trust = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or None)
        return http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT, context=trust)


def segment(name: Any) -> str:
    """A value as a segment of a path."""
    return quote(str(name), safe="")
