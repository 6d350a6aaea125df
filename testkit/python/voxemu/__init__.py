"""Runs a voxemu emulator inside a Python test.

With pytest, take the fixture::

    def test_a_lost_answer(voxemu):
        voxemu.fail("CreateSipRegistration", "close", after=True, times=1)
        my_client(voxemu.url, voxemu.account_id, voxemu.api_key).create("sales")
        voxemu.expect("CreateSipRegistration", sip_username="sales").once()

Without pytest, start an emulator for a block::

    with voxemu.start(scenario="empty") as emu:
        ...

At its end the test fails for mistakes that the real API ignores, such as unknown
parameters, and for faults that were never triggered.
"""

from ._binary import NoBinary, binary
from ._calls import Call, Expectation
from ._emulator import START, Emulator, Fault, Snapshot, start
from ._failure import Failure, NotStarted
from ._sink import Received, Sink, callback_hash
from ._types import Account, Callback, Registration, Request, User

__all__ = [
    "START", "Account", "Call", "Callback", "Emulator", "Expectation", "Failure", "Fault", "NoBinary", "NotStarted",
    "Received", "Registration", "Request", "Sink", "Snapshot", "User", "binary", "callback_hash", "start",
]
