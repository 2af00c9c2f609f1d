"""Serves MiniStack with this overlay: identity, background work, saved state."""

import asyncio
import json
import os
import platform
import sys
from datetime import datetime, timezone

import ministack.app as ministack_app
from hypercorn.asyncio import serve
from hypercorn.config import Config

import alarms
import auto_scaling
import auto_scaling_api
import auto_scaling_types
import foreign_zones
import instances
import light_models
import network_checks
import network_types
import public_parameters
import refusals
import replacement_rules
import stack_events
import stack_recovery
import target_health
from patching import wrap
from state_keeper import StateKeeper

EXIT_PORT_TAKEN = 76
TICK_SECONDS = 0.25
OVERLAYS = (
    light_models,
    refusals,
    instances,
    target_health,
    auto_scaling,
    auto_scaling_api,
    auto_scaling_types,
    foreign_zones,
    network_types,
    network_checks,
    replacement_rules,
    public_parameters,
    alarms,
    stack_events,
)


class Server:
    def __init__(self, record, state_directory):
        self.record = record
        self.record_file = os.path.join(state_directory, "emulator.json")
        self.keeper = StateKeeper()
        self.ticking = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self.live(scope, receive, send)
            return
        try:
            await ministack_app.app(scope, receive, send)
        finally:
            if "_ministack/health" not in scope.get("path", ""):
                self.keeper.touch()

    async def live(self, scope, receive, send):
        async def receive_and_stop():
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.ticking.cancel()
                await self.keeper.stop()
            return message

        async def send_and_start(message):
            if message["type"] == "lifespan.startup.complete":
                stack_recovery.recover()
                self.keeper.start()
                self.write_record()
                self.ticking = asyncio.create_task(self.tick())
            await send(message)

        await ministack_app.app(scope, receive_and_stop, send_and_start)

    async def tick(self):
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if not os.path.exists(self.record_file):
                # Its directory was removed: nobody could find it any more, to use it or to stop it.
                os._exit(0)
            for work in (auto_scaling.tick, alarms.tick):
                if work():
                    self.keeper.touch()

    def write_record(self):
        temporary = f"{self.record_file}.new"
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(self.record, file)
        os.replace(temporary, self.record_file)


def say_who_answers(record):
    """Adds the record to the health answer: a caller recognises its own emulator by it."""

    def make(original):
        def health(path, request_id):
            answer = original(path, request_id)
            if answer is None:
                return None
            status, headers, body = answer
            return status, headers, json.dumps({**json.loads(body), "jenkins-aws": record}).encode()

        return health

    wrap(ministack_app, "_handle_health_request", make)


def run(taken, state_directory, port, account_id, digest):
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
    say_who_answers(record)
    config = Config()
    config.bind = [f"fd://{taken.detach()}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    # Clients keep idle connections open; a stop need not wait for them.
    config.graceful_timeout = 0.5
    try:
        asyncio.run(serve(Server(record, state_directory), config))
    except OSError as error:
        print(f"the port {port} could not be opened: {error}", file=sys.stderr)
        sys.exit(EXIT_PORT_TAKEN)
