"""Finds the program voxemu."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


class NoBinary(RuntimeError):
    """There is no program voxemu for this machine."""


def binary() -> str:
    """Returns the path of the program voxemu: that of the environment variable
    VOXEMU_BINARY, else the one inside this package, else the one on PATH.

    Raises NoBinary if there is none.
    """
    named = os.environ.get("VOXEMU_BINARY")
    if named:
        if not os.path.isfile(named):
            raise NoBinary(f"voxemu: VOXEMU_BINARY={named}: there is no such file; name the program voxemu, or unset the variable")
        return named
    name = "voxemu.exe" if sys.platform == "win32" else "voxemu"
    inside = Path(__file__).parent / "bin" / name
    if inside.is_file():
        return str(inside)
    found = _on_path(name)
    if found:
        return found
    raise NoBinary(
        f"voxemu: this package has no program for {sys.platform}, and PATH has none; install the wheel for your "
        "platform, build the program with `make build`, or name it in VOXEMU_BINARY"
    )


def _on_path(name: str) -> str | None:
    """The first program on PATH that is not this package's own command, which would
    start itself for ever."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which(name, path=folder) if folder else None
        if found and not _is_script(found):
            return found
    return None


def _is_script(path: str) -> bool:
    """Whether a file is the command that pip writes: a script, or on Windows a program
    with a script at its end."""
    with open(path, "rb") as file:
        if file.read(2) == b"#!":
            return True
        if not path.endswith(".exe"):
            return False
        file.seek(0, os.SEEK_END)
        return file.tell() < 1 << 20  # the emulator is larger, pip's launchers are smaller
