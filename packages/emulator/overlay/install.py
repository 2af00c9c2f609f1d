"""Makes the private Python environment: `install.py DIRECTORY REQUIREMENTS_LOCK`. Standard library only.

A kernel lock beside the directory lets one process work and the others wait; it ends with its holder, however that
one ends. pip inherits it, so that an orphaned pip is waited for as well. The marker `complete` is written last: a
directory without it is half-made, and made again.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import venv

# Every locked package has wheels for Linux and macOS on both processors, CPython 3.10 to 3.14. A source would run its own
# build and download unpinned tools for it.
PIP_OPTIONS = (
    "--require-hashes",
    "--only-binary=:all:",
    "--no-input",
    "--no-compile",
    "--disable-pip-version-check",
    "--quiet",
    "--retries=2",
)


def main(directory, lock):
    held = os.open(f"{directory}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    python = os.path.join(directory, "bin", "python")
    marker = os.path.join(directory, "complete")
    if os.path.exists(marker) and os.path.exists(python):
        return 0
    shutil.rmtree(directory, ignore_errors=True)
    venv.create(directory, with_pip=True, symlinks=True)
    pip = subprocess.run(
        [python, "-I", "-m", "pip", "install", *PIP_OPTIONS, "-r", lock], pass_fds=(held,), check=False
    )
    if pip.returncode != 0:
        shutil.rmtree(directory, ignore_errors=True)
        return pip.returncode
    with open(marker, "x", encoding="utf-8") as file:
        file.write("the environment is whole\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
