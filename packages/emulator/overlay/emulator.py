"""The emulator's process: `emulator.py STATE_DIRECTORY PORT ACCOUNT_ID DIGEST`.

Exit codes: 75 another process already holds the directory, 76 the port is taken.
"""

import errno
import fcntl
import os
import socket
import sys

EXIT_ALREADY_RUNNING = 75
EXIT_PORT_TAKEN = 76
HOST = "127.0.0.1"


def hold_directory(state_directory):
    """A kernel lock for as long as this process lives: it cannot outlive a killed holder."""
    held = os.open(os.path.join(state_directory, "emulator.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(EXIT_ALREADY_RUNNING)
    return held


def take_port(port):
    """Bound but not listening yet: whoever asks is refused until there is something to answer."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(EXIT_PORT_TAKEN)
        raise
    return taken


# What a program needs to find its way; all of MiniStack's and the caller's own settings have other names.
KEPT = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "TZ")


def prepare_environment(state_directory, port, account_id):
    """MiniStack is set up by variables that it reads when imported; nothing of the caller's may change it."""
    import execution

    kept = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("LC_")}
    os.environ.clear()
    os.environ.update(kept)
    saved = os.path.join(state_directory, "state")
    os.makedirs(saved, mode=0o700, exist_ok=True)
    os.environ.update(
        GATEWAY_PORT=str(port),
        BIND_HOST=HOST,
        MINISTACK_HOST="localhost",
        MINISTACK_ACCOUNT_ID=account_id,
        PERSIST_STATE="1",
        STATE_DIR=saved,
        S3_PERSIST="1",
        S3_DATA_DIR=os.path.join(saved, "s3"),
        SFTP_ENABLED="0",
        IOT_MTLS_ENABLED="0",
        LOG_LEVEL="WARNING",
        **execution.environment(),
    )


def main(state_directory, port, account_id, digest):
    held = hold_directory(state_directory)
    # The log is the standard output that the caller opened to append: each start begins it anew.
    os.ftruncate(1, 0)
    taken = take_port(port)
    # Isolated mode leaves this folder out of the path.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    # Compiled files go beside the environment: this folder belongs to a package manager.
    sys.pycache_prefix = os.path.join(sys.prefix, "pycache")
    prepare_environment(state_directory, port, account_id)
    import server

    server.run(taken, state_directory, port, account_id, digest)
    os.close(held)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
