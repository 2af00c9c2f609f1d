"""Serves MiniStack with this overlay: identity, background work, saved state."""

import asyncio
import os
import platform
import sys
from datetime import datetime, timezone

import ministack.app as ministack_app
from hypercorn.asyncio import serve
from hypercorn.config import Config

import alarms
import auto_scaling
import control
import gate
import nested_stacks
import stack_recovery
import state_keeper
from identity import PATH as IDENTITY_PATH
from identity import Identity
from overlays import OVERLAYS
from state_keeper import keeper

EXIT_PORT_TAKEN = 76
TICK_SECONDS = 0.25


class Server:
    def __init__(self, identity):
        self.identity = identity
        self.ticking = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.live(scope, receive, send)
            return
        refused = gate.why_refused(scope, self.identity.record["port"])
        if refused:
            await gate.refuse(scope, send, refused)
            return
        if scope["path"] == IDENTITY_PATH and scope["type"] == "http":
            await gate.answer_json(send, self.identity.answer(scope["query_string"]))
            return
        if control.has(scope["path"]) and scope["type"] == "http":
            await control.answer(scope, receive, send)
            return
        try:
            await ministack_app.app(scope, receive, gate.without_cors(send))
        finally:
            if scope["path"] != "/_ministack/health":
                keeper.touch()

    async def live(self, scope, receive, send):
        async def receive_and_stop():
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.ticking.cancel()
                await keeper.stop()
            return message

        async def send_and_start(message):
            if message["type"] == "lifespan.startup.complete":
                nested_stacks.remember_loop()
                stack_recovery.recover()
                keeper.start()
                self.identity.write()
                self.ticking = asyncio.create_task(self.tick())
            await send(message)

        await ministack_app.app(scope, receive_and_stop, send_and_start)

    async def tick(self):
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if not self.identity.is_written():
                # Its directory was removed: nobody could find it any more, to use it or to stop it.
                os._exit(0)
            for work in (auto_scaling.tick, alarms.tick):
                if work():
                    keeper.demand()


def run(taken, state_directory, port, account_id, digest):
    state_keeper.finish_interrupted_save()
    for overlay in OVERLAYS:
        overlay.install()
    record = {
        "pid": os.getpid(),
        "port": port,
        "startedAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "stateDirectory": state_directory,
        "digest": digest,
        "accountId": account_id,
        "versions": {"ministack": ministack_app._version(), "python": platform.python_version()},
    }
    config = Config()
    config.bind = [f"fd://{taken.detach()}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    # Clients keep idle connections open; a stop need not wait for them.
    config.graceful_timeout = 0.5
    try:
        asyncio.run(serve(Server(Identity(record, state_directory)), config))
    except OSError as error:
        print(f"the port {port} could not be opened: {error}", file=sys.stderr)
        sys.exit(EXIT_PORT_TAKEN)
