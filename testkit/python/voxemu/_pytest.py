"""The pytest plugin."""

from __future__ import annotations

from typing import Any, Iterator

import pytest

from . import _report
from ._emulator import Emulator, start
from ._failure import NotStarted

_WORKER = pytest.StashKey[dict]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        'voxemu(scenario=…, scope="test", …): options of voxemu.start for the fixture voxemu; scope="worker": one '
        "emulator per worker, set back before each test, except for its clock",
    )


@pytest.fixture
def voxemu(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulator of this test; ``@pytest.mark.voxemu(scenario="empty")`` changes it.

    The test fails for mistakes of its client and for faults that were never triggered.
    """
    marks = list(request.node.iter_markers("voxemu"))
    options: dict[str, Any] = {}
    for mark in reversed(marks):
        if mark.args:
            raise pytest.UsageError("voxemu: options of the mark have names, such as scenario=")
        options.update(mark.kwargs)
    scope = options.pop("scope", "test")
    if scope not in ("test", "worker"):
        raise pytest.UsageError(f'voxemu: scope={scope!r}: want "test" or "worker"')
    if scope == "worker":
        yield _of_worker(request.config, options)
        return
    emulator = start(**options)
    try:
        yield emulator
    finally:
        emulator._end(check=not emulator_was_checked(request.node))


_CHECKED = pytest.StashKey[bool]()


def emulator_was_checked(item: pytest.Item) -> bool:
    """Whether the check at the end of the test has been made, or must not be made because
    the test has failed."""
    return item.stash.get(_CHECKED, False)


def _of_worker(config: pytest.Config, options: dict) -> Emulator:
    """The emulator of this process with these options, as it was at its start."""
    running = config.stash.setdefault(_WORKER, {})
    key = repr(sorted(options.items()))
    if key not in running:
        emulator = start(**options)
        running[key] = (emulator, None if emulator._own_account else emulator.snapshot())
    emulator, begin = running[key]
    if begin is not None:
        emulator._reset_checks()
        emulator.restore(begin)
        emulator._reset_checks()
    return emulator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Checks at the end of the test's body, so that it fails instead of its teardown."""
    try:
        result = yield
    except BaseException:
        item.stash[_CHECKED] = True
        raise
    emulator = getattr(item, "funcargs", {}).get("voxemu")
    if isinstance(emulator, Emulator) and not emulator._stopped:
        item.stash[_CHECKED] = True
        emulator.verify()
    return result


def pytest_sessionstart(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):  # a worker of pytest-xdist
        return
    try:
        _report.begin()
    except NotStarted as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    for emulator, _ in config.stash.get(_WORKER, {}).values():
        emulator._end(check=False)
    if not hasattr(config, "workerinput"):
        _report.write()  # its workers have ended
