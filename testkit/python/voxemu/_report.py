"""What the tests covered: VOXEMU_REPORT names the folder for it."""

from __future__ import annotations

import glob
import json
import os
import subprocess
import sys

from ._binary import binary
from ._control import Control
from ._failure import NotStarted

_PART = "python-*.jsonl"


def folder() -> str | None:
    """The folder, None if no report is wanted."""
    named = os.environ.get("VOXEMU_REPORT")
    if named and not os.path.isabs(named):
        raise NotStarted(f"voxemu: VOXEMU_REPORT={named}: want an absolute path, because tests can change the folder")
    return named or None


def add(control: Control) -> None:
    """Adds what an emulator has seen, as a line to the file of this process."""
    into = folder()
    if into is None:
        return
    line = json.dumps(json.loads(control.text("GET", "report")), separators=(",", ":"))
    os.makedirs(into, exist_ok=True)
    with open(os.path.join(into, _PART.replace("*", str(os.getpid()))), "a", encoding="utf-8") as file:
        file.write(line + "\n")


def begin() -> None:
    """Removes what the previous session has added."""
    into = folder()
    for part in glob.glob(os.path.join(glob.escape(into), _PART)) if into else []:
        os.remove(part)


def write() -> None:
    """Writes the report of all processes that have added to the folder."""
    into = os.environ.get("VOXEMU_REPORT", "")
    if not os.path.isabs(into) or not glob.glob(os.path.join(glob.escape(into), "*.jsonl")):
        return
    done = subprocess.run([binary(), "report", "--from", into, "--report", into], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    print(done.stderr.strip(), file=sys.stderr)
