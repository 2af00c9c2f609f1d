"""Saves what changed about once a second: MiniStack itself saves on a polite end only."""

import asyncio
import hashlib
import json
import logging
import os

import ministack.app as ministack_app
from ministack.core import persistence

logger = logging.getLogger("state_keeper")
SAVE_EVERY_SECONDS = 1.0


def write_atomically(path, text):
    temporary = f"{path}.new"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


class StateKeeper:
    def __init__(self):
        self._touched = False
        self._saved = {}
        self._task = None
        self._stopping = asyncio.Event()

    def touch(self):
        """Something may have changed."""
        self._touched = True

    def start(self):
        self._task = asyncio.create_task(self._keep())

    async def stop(self):
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _keep(self):
        while not self._stopping.is_set():
            try:
                await asyncio.wait_for(self._stopping.wait(), SAVE_EVERY_SECONDS)
            except asyncio.TimeoutError:
                pass
            if self._touched:
                self._touched = False
                await self._save_changed()

    async def _save_changed(self):
        for service, get_state in ministack_app._build_persistence_save_dict().items():
            try:
                state = get_state()
                if state is not None:
                    await asyncio.to_thread(self._save, service, state)
            except Exception:  # noqa: BLE001
                # A worker changed it meanwhile, or the disk is full: the next round tries again.
                logger.warning("could not save the state of %s yet", service, exc_info=True)
                self._touched = True

    def _save(self, service, state):
        wrapped = {"__ministack_format__": persistence._state_format_version(service), "payload": state}
        text = json.dumps(wrapped, default=persistence._json_default)
        digest = hashlib.sha256(text.encode()).digest()
        if self._saved.get(service) == digest:
            return
        os.makedirs(persistence.STATE_DIR, exist_ok=True)
        write_atomically(os.path.join(persistence.STATE_DIR, f"{service}.json"), text)
        self._saved[service] = digest
