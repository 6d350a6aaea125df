"""Which requests an assertion is about, and how many there must be."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ._emulator import Emulator


def written(value: Any) -> str:
    """A value as clients send it: lists are joined by semicolons."""
    if isinstance(value, (list, tuple)):
        return ";".join(written(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


C = TypeVar("C", bound="Call")


class Call:
    """Selects requests to the API: those of a method, by its exact name, with these values
    of parameters. Without a method: all requests.

    The methods return a new matcher with one more condition. A matcher that no request can
    match fails the test, for example one with a parameter that the method does not have or
    with the value of a secret.
    """

    def __init__(self, method: str | None = None, **parameters: Any):
        self.filter: dict[str, Any] = {"kind": "call"}
        if method is not None:
            self.filter["method"] = method
        if parameters:
            self.filter["parameters"] = {name: written(value) for name, value in parameters.items()}

    def _and(self: C, member: str, value: Any) -> C:
        other = copy.deepcopy(self)
        other.filter[member] = value
        return other

    def _where(self: C, parameter: str, value: Any) -> C:
        return self._and("parameters", {**self.filter.get("parameters", {}), parameter: value})

    def with_(self: C, parameter: str, value: Any) -> C:
        """In which the parameter has this value; a list is joined by semicolons."""
        return self._where(parameter, written(value))

    def like(self: C, parameter: str, pattern: str) -> C:
        """In which the pattern (RE2) matches a part of the parameter's value."""
        return self._where(parameter, {"pattern": pattern})

    def given(self: C, parameter: str) -> C:
        """That contain the parameter, with any value."""
        return self._where(parameter, {"given": True})

    def without(self: C, parameter: str) -> C:
        """That do not contain the parameter."""
        return self._where(parameter, {"given": False})

    def by(self: C, account_id: int) -> C:
        """Of an account."""
        return self._and("account_id", account_id)

    def succeeded(self: C) -> C:
        """With a complete reply without an error."""
        return self._and("code", 0)

    def failed_with(self: C, name: str) -> C:
        """With an error of the API in the reply, by its name, such as INSUFFICIENT_MONEY."""
        return self._and("error", name)

    def with_fault(self: C, name: str) -> C:
        """To which a fault was applied; * is any."""
        return self._and("fault", name)


class Expectation(Call):
    """An assertion on the requests so far, without effect until it says how many."""

    def __init__(self, emulator: Emulator, call: Call, place: str):
        self.filter = dict(call.filter)
        self._emulator, self._place = emulator, place
        emulator._open.append(self)

    def _and(self, member: str, value: Any) -> Expectation:  # the conditions give an expectation, too
        self._close()
        return Expectation(self._emulator, Call._and(self.__deepcopy__(None), member, value), self._place)

    def __deepcopy__(self, _memo: Any) -> Call:
        other = Call()
        other.filter = copy.deepcopy(self.filter)
        return other

    def _close(self) -> None:
        if self in self._emulator._open:
            self._emulator._open.remove(self)

    def once(self) -> None:
        """Requires exactly one such request."""
        __tracebackhide__ = True
        self.times(1)

    def times(self, n: int) -> None:
        """Requires exactly n such requests."""
        __tracebackhide__ = True
        self._verify({"min": n, "max": n})

    def never(self) -> None:
        """Requires that there is no such request."""
        __tracebackhide__ = True
        self.times(0)

    def at_least(self, n: int) -> None:
        """Requires n such requests or more."""
        __tracebackhide__ = True
        self._verify({"min": n})

    def at_most(self, n: int) -> None:
        """Requires n such requests or fewer, including none."""
        __tracebackhide__ = True
        self._verify({"min": 0, "max": n})

    def in_order(self, *then: Call) -> None:
        """Requires such a request and then one for each of the others, in this order.
        Other requests may come between."""
        __tracebackhide__ = True
        self._close()
        self._emulator._verify_calls([self, *then], None)

    def _verify(self, times: dict) -> None:
        __tracebackhide__ = True
        self._close()
        self._emulator._verify_calls([self], times)
