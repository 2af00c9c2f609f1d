"""Saves the state while it works: MiniStack itself saves on a polite end only.

Nothing that was answered is lost by a kill. An answer to a request that changes something waits until the change is
saved, and so does everything that shows how a stack operation ended. Each save is one moment of all services: it is
taken on the event loop between two steps, and a journal makes its files appear together.
"""

import asyncio
import hashlib
import json
import logging
import os
import threading

import ministack.app as ministack_app
import ministack.services.cloudformation as cloudformation
import ministack.services.cloudformation.stacks as stacks
from ministack.core import persistence

import requested_operation
from patching import wrap

logger = logging.getLogger("state_keeper")
SAVE_EVERY_SECONDS = 1.0
_READS = ("BatchGet", "Describe", "Estimate", "Get", "Head", "List", "Lookup", "Query", "Scan", "Search", "Validate")
# Held by a thread that changes two services which must not be saved apart.
together = threading.RLock()


def write_atomically(path, text):
    temporary = f"{path}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


def own_file(name):
    """A file beside MiniStack's own in the saved state."""
    folder = os.path.join(persistence.STATE_DIR, "jenkins-aws")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return os.path.join(folder, name)


class StateKeeper:
    def __init__(self):
        self._touched = False
        self._digests = {}
        self._task = None
        self._stopping = False
        self._wake = asyncio.Event()
        self._demanded = self._done = 0
        self._progress = asyncio.Condition()

    def touch(self):
        """Something may have changed."""
        self._touched = True

    def demand(self):
        """Something changed that somebody will rely on: it is saved now. Called on the event loop."""
        self._touched = True
        self._demanded += 1
        self._wake.set()

    async def settled(self):
        """Until everything that was demanded before is saved."""
        goal = self._demanded
        if self._done < goal:
            async with self._progress:
                await self._progress.wait_for(lambda: self._done >= goal)

    def start(self):
        self._task = asyncio.create_task(self._keep())

    async def stop(self):
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task

    async def _keep(self):
        while not self._stopping:
            try:
                await asyncio.wait_for(self._wake.wait(), SAVE_EVERY_SECONDS)
            except asyncio.TimeoutError:
                pass
            self._wake.clear()
            if self._touched:
                await self._save()

    async def _save(self):
        goal, self._touched = self._demanded, False
        try:
            changed = self._changed_texts()
            await asyncio.to_thread(self._write, changed)
        except RuntimeError:
            # A thread changed something while it was read: at once again.
            self._touched = True
            self._wake.set()
            await asyncio.sleep(0)
            return
        except Exception:  # noqa: BLE001 - a full disk must not stop the emulator
            logger.warning("could not save the state", exc_info=True)
        async with self._progress:
            self._done = goal
            self._progress.notify_all()

    def _changed_texts(self):
        changed = {}
        with together:
            for service, get_state in ministack_app._build_persistence_save_dict().items():
                state = get_state()
                if state is None:
                    continue
                wrapped = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
                text = json.dumps(wrapped, default=persistence._json_default)
                digest = hashlib.sha256(text.encode()).digest()
                if self._digests.get(service) != digest:
                    changed[service] = text
                    self._digests[service] = digest
        return changed

    def _write(self, changed):
        if len(changed) == 1:
            # One file appears at once by itself.
            _write_states(changed)
        elif changed:
            write_atomically(own_file("journal.json"), json.dumps(changed))
            finish_interrupted_save()


def finish_interrupted_save():
    """A journal is whole as soon as it is there; its files are written again, however far a killed emulator got."""
    try:
        with open(own_file("journal.json"), encoding="utf-8") as file:
            changed = json.load(file)
    except FileNotFoundError:
        return
    _write_states(changed)
    os.remove(own_file("journal.json"))


def _write_states(texts):
    for service, text in texts.items():
        write_atomically(os.path.join(persistence.STATE_DIR, f"{service}.json"), text)


keeper = StateKeeper()


def _saved_before_the_answer(original):
    async def dispatch(method, path, headers, body, query_params, request_id):
        answer = await original(method, path, headers, body, query_params, request_id)
        routing = ministack_app._routing_params(method, path, headers, body, query_params)
        service = ministack_app.detect_service(method, path, headers, routing)
        _service, operation = requested_operation.of(service, method, path, headers, body, query_params)
        if not operation.startswith(_READS):
            keeper.demand()
        await keeper.settled()
        return answer

    return dispatch


def _saved_at_the_end(original):
    def add(stack_id, stack_name, logical_id, resource_type, status, *rest, **named):
        original(stack_id, stack_name, logical_id, resource_type, status, *rest, **named)
        if logical_id == stack_name and not status.endswith("_IN_PROGRESS"):
            keeper.demand()

    return add


def _uncopied(_original):
    """MiniStack copies it, although it is written out before anything can change it: templates make it large."""
    return lambda: {key: store() for store, key in cloudformation._PERSISTED_STORES}


def install():
    """After everything that answers or writes events."""
    wrap(cloudformation, "get_state", _uncopied)
    wrap(ministack_app, "_dispatch_service_request", _saved_before_the_answer)
    wrap(stacks, "_add_event", _saved_at_the_end)
