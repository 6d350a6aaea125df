"""The command voxemu: runs the program inside this package."""

from __future__ import annotations

import os
import subprocess
import sys

from ._binary import NoBinary, binary


def main() -> None:
    """Runs voxemu with the arguments of this process, in its place."""
    try:
        program = binary()
    except NoBinary as error:
        sys.exit(str(error))
    arguments = [program, *sys.argv[1:]]
    if sys.platform == "win32":  # execv there returns to the shell at once
        try:
            sys.exit(subprocess.run(arguments, check=False).returncode)
        except KeyboardInterrupt:
            sys.exit(130)
    os.execv(program, arguments)


if __name__ == "__main__":
    main()
