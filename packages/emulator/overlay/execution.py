"""What the emulator may do to the machine that it runs on: start nothing, and speak to nobody else.

Its port has no access control. Whoever reaches it could otherwise run a program as the user who started it.
"""

import ipaddress
import sys

from patching import wrap

# MiniStack's services whose work is to run code that a request brings.
EXECUTING_SERVICES = ("lambda", "lambda-microvms", "codebuild", "glue")

# Those of them that may. None: nothing here needs one, and each lets everyone who reaches the port run programs as this
# user. A rehearsal that needs Lambda functions run as local processes names "lambda" here; then the port needs an
# access control first, and the README's "Cost and security" another sentence.
MAY_EXECUTE = ()

# By these names Python announces that a process is about to be started, from whatever module.
_PROCESS_STARTS = frozenset(
    ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "pty.spawn")
)
# The same for sockets. Names are looked up elsewhere too.
_WITH_ADDRESS = frozenset(("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"))
_WITH_NAME = frozenset(("socket.getaddrinfo", "socket.gethostbyname"))


def environment():
    """MiniStack's own switches to the same end. It reads them when imported."""
    return {
        # Without the strict one a function runs as a local process wherever there is no container engine.
        "LAMBDA_STRICT": "0" if "lambda" in MAY_EXECUTE else "1",
        "LAMBDA_EXECUTOR": "local" if "lambda" in MAY_EXECUTE else "docker",
        "MINISTACK_CODEBUILD_EXECUTE": "1" if "codebuild" in MAY_EXECUTE else "0",
    }


def _is_this_machine(host):
    if host in ("localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _watch(event, arguments):
    if event in _PROCESS_STARTS and not MAY_EXECUTE:
        raise PermissionError("the emulator starts no programs on this machine")
    if event in _WITH_ADDRESS and arguments[1] is not None:
        # A path is a socket of another program, such as the container engine's.
        _keep_here(arguments[1][0] if isinstance(arguments[1], tuple) else arguments[1])
    if event in _WITH_NAME and arguments[0] is not None:
        _keep_here(arguments[0])


def _keep_here(host):
    if not _is_this_machine(host):
        raise PermissionError(f"the emulator reaches nothing but this machine, not {host}")


def _refuse_custom_resource(original):
    """At once: nothing would ever answer, and MiniStack waits an hour for it."""

    def invoke(request_type, logical_id, *arguments, **named):
        if "lambda" in MAY_EXECUTE:
            return original(request_type, logical_id, *arguments, **named)
        raise ValueError(f"The emulator runs no code, so it has no custom resources: {logical_id} needs an AWS account.")

    return invoke


def install():
    import ministack.app as ministack_app
    import ministack.services.cloudformation.custom_resource as custom_resource

    # Whoever can write to the folders that MiniStack looks for start scripts in decides nothing here.
    wrap(ministack_app, "_collect_scripts", lambda _original: lambda *_folders: [])
    wrap(custom_resource, "invoke_custom_resource", _refuse_custom_resource)
    for service in set(EXECUTING_SERVICES) - set(MAY_EXECUTE):
        del ministack_app.SERVICE_HANDLERS[service]
    # It cannot be taken out again, and it sees every service, also one that a stack, a topic or a rule calls.
    sys.addaudithook(_watch)
