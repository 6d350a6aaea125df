"""The process of a private emulator."""

from __future__ import annotations

import atexit
import collections
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from typing import Any, Mapping, Sequence

from ._binary import binary
from ._failure import NotStarted

# All emulators of a process share the authority and the keys that voxemu keeps here: an
# RSA key takes 0.1 s.
_shared: dict[int, str] = {}
_guard = threading.Lock()


def config_dir() -> str:
    """The folder of this process for authority and keys; it is removed at its end."""
    with _guard:
        pid = os.getpid()  # a forked process has its own
        if pid not in _shared:
            _shared[pid] = tempfile.mkdtemp(prefix="voxemu-test-")
            atexit.register(_remove, _shared[pid], pid)
        return _shared[pid]


def _remove(folder: str, pid: int) -> None:
    if os.getpid() == pid:
        shutil.rmtree(folder, ignore_errors=True)


class Process:
    """A running emulator on free ports of 127.0.0.1.

    Its standard input is a pipe from this process: the emulator stops when the pipe is
    closed, which the system does even if this process is killed.
    """

    def __init__(self, scenarios: Sequence[str], flags: Sequence[str], folder: str):
        self.folder = folder
        arguments = [binary(), "serve", "--addr", "127.0.0.1:0", "--tls-addr", "127.0.0.1:0", "--stop-with-stdin", "--log-level", "error", *flags]
        for scenario in scenarios:
            arguments += ["--scenario", scenario]
        around = {name: value for name, value in os.environ.items() if name != "VOXEMU_CONTROL_TOKEN"}
        around["VOXEMU_CONFIG_DIR"] = config_dir()
        try:
            self._child: Any = subprocess.Popen(
                arguments, env=around, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                text=True, encoding="utf-8", errors="replace",
                # ^C in a terminal is for the test runner, which then stops the emulator.
                start_new_session=os.name != "nt", creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise NotStarted(f"voxemu: {arguments[0]}: {error}; name another program in VOXEMU_BINARY") from error
        self.pid = self._child.pid
        self.url, self.tls_url = self._await_ready()
        # A full pipe would stop the emulator.
        self._log: collections.deque = collections.deque(maxlen=200)
        threading.Thread(target=self._drain, daemon=True, name="voxemu-log").start()

    def _await_ready(self) -> tuple[str, str]:
        lines = []
        for line in self._child.stderr:
            ready = re.match(r"voxemu ready http=(\S+) https=(\S+)", line)
            if ready:
                return ready.group(1), ready.group(2)
            lines.append(line)
        self._child.stdin.close()
        self._child.stderr.close()
        self._child.wait()
        text = "".join(lines).strip().removeprefix("voxemu: ")
        raise NotStarted(f"voxemu: the emulator did not start:\n{text}" if text else f"voxemu: {binary()} ended with {self._child.returncode}")

    def _drain(self) -> None:
        for line in self._child.stderr:
            self._log.append(line)

    def log(self) -> str:
        """The latest 200 lines of the log, errors only."""
        return "".join(self._log)

    def stop(self) -> None:
        """Stops the emulator; running requests are cut."""
        if self._child.poll() is None:
            self._child.kill()  # nothing of it is worth saving, and a hanging request would delay its end
        self._child.stdin.close()
        self._child.wait()


STOPPED = "clock: {start: 2026-03-01T12:00:00Z, stopped: true}\n"


def scenario_files(scenario: Any, folder: str, live_clock: bool) -> list[str]:
    """The arguments for --scenario: a name or a path as it is, a text or a dict as a file."""
    named = [] if live_clock else [_write(folder, "clock.yaml", STOPPED)]
    if scenario is None:
        scenario = "demo"
    for number, one in enumerate(scenario if isinstance(scenario, (list, tuple)) else [scenario], 1):
        if isinstance(one, Mapping):
            named.append(_write(folder, f"scenario-{number}.json", json.dumps(one, default=str)))
        elif isinstance(one, str) and ("\n" in one or ": " in one):
            named.append(_write(folder, f"scenario-{number}.yaml", one))
        else:
            named.append(os.fspath(one))
    return named


def _write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path
