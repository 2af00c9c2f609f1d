"""How a caller knows its own emulator: by a secret that only the state directory holds and no answer shows."""

import hashlib
import hmac
import json
import os
import re
import secrets
from urllib.parse import parse_qs

PATH = "/_jenkins-aws/emulator"
_CHALLENGE = re.compile(r"[0-9a-f]{32}")


class Identity:
    def __init__(self, record, state_directory):
        self.record = record
        self.file = os.path.join(state_directory, "emulator.json")
        self.token = secrets.token_hex(32)

    def write(self):
        temporary = f"{self.file}.new"
        written = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # One that was left behind keeps its mode otherwise.
        os.fchmod(written, 0o600)
        with open(written, "w", encoding="utf-8") as file:
            json.dump({**self.record, "token": self.token}, file)
        os.replace(temporary, self.file)

    def is_written(self):
        return os.path.exists(self.file)

    def answer(self, query_string):
        """The record, and the proof that whoever answers knows the token. A new challenge each time: an answer that
        another program has once seen is worth nothing to it."""
        challenge = parse_qs(query_string.decode("latin-1")).get("challenge", [""])[0]
        if not _CHALLENGE.fullmatch(challenge):
            return self.record
        said = f"{challenge}:{self.record['pid']}:{self.record['port']}".encode()
        return {**self.record, "proof": hmac.new(self.token.encode(), said, hashlib.sha256).hexdigest()}
