"""Objects of the control API."""

from __future__ import annotations

from typing import Any


class Row(dict):
    """A JSON object whose members are attributes, too: ``row["proxy"]`` and ``row.proxy``.

    A member that the object may have and does not have is None as an attribute.
    """

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        for kind in type(self).__mro__:
            if name in kind.__dict__.get("__annotations__", {}):
                return None
        raise AttributeError(f"{type(self).__name__} has no member {name!r}; it has {', '.join(self)}")
