"""The errors of the kit."""

from __future__ import annotations


class Failure(AssertionError):
    """What makes a test fail: an expectation that is not met, a value that the emulator
    refuses, mistakes of the client."""

    def __init__(self, text: str):
        super().__init__("voxemu: " + text)
        self.text = text
        """The text without the kit's name."""


class NotStarted(RuntimeError):
    """The emulator did not start, or does not answer."""
