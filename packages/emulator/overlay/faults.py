"""Faults on request: rules that let a share of the calls to a service fail, the callers' and CloudFormation's own.

`/_jenkins-aws/faults`: GET shows the rules, PUT replaces them, DELETE removes them all. They outlive a restart.
"""

import contextvars
import json
import logging
import random
import socket
import struct
import threading

import hypercorn.asyncio.tcp_server as tcp_server
import ministack.app as ministack_app
from ministack.core.responses import get_account_id

import control
import fault_answers
import requested_operation
from patching import wrap
from state_keeper import own_file, write_atomically

logger = logging.getLogger("faults")
FIELDS = ("service", "operation", "rate", "error", "status", "seed", "during")
MAX_RULES = 100
FILE = "faults.json"


class Fault(Exception):
    """A call of the emulator's own that was told to fail."""

    def __init__(self, rule, service, operation, principal):
        self.error = rule.error
        self.status = rule.status
        self.service = service
        self.passes = fault_answers.is_passing(rule.error, rule.status)
        super().__init__(fault_answers.sentence(rule.error, service, operation, principal))


class Rule:
    def __init__(self, given):
        self.given = given
        self.service, self.operation = given["service"], given["operation"]
        self.error = given["error"]
        self.status = given.get("status") or fault_answers.default_status(self.error)
        self.during = given.get("during")
        self.struck = 0
        self._random = random.Random(given.get("seed"))
        self._lock = threading.Lock()

    def strikes(self, service, operation, rolling_back):
        if self.service not in ("*", service) or self.operation not in ("*", operation):
            return False
        if self.during == "rollback" and not rolling_back:
            return False
        with self._lock:
            hit = self._random.random() < self.given["rate"]
            self.struck += hit
        return hit

    def view(self):
        return {**self.given, "struck": self.struck}


_rules = []
# Tasks that serve a connection's requests copy it.
_connection = contextvars.ContextVar("jenkins_aws_connection")


def striking(service, operation, rolling_back=False):
    """The first rule that lets this call fail; None lets it pass."""
    return next((rule for rule in _rules if rule.strikes(service, operation, rolling_back)), None)


def meet(service, operation, principal, rolling_back=False):
    """For a call of the emulator's own.

    Raises:
        Fault: a rule strikes.
    """
    rule = striking(service, operation, rolling_back)
    if rule is not None:
        raise Fault(rule, service, operation, principal)


def _checked(given):
    if not isinstance(given, list) or not all(isinstance(rule, dict) for rule in given):
        raise control.Refused(["the rules must be a JSON list of objects"])
    if len(given) > MAX_RULES:
        raise control.Refused([f"there can be {MAX_RULES} rules at most, not {len(given)}"])
    problems = [f"rule {at}: {problem}" for at, rule in enumerate(given, 1) for problem in _problems(rule)]
    if problems:
        raise control.Refused(problems)
    return [Rule({**rule, "service": _canonical(rule["service"])}) for rule in given]


def _canonical(service):
    return "*" if service == "*" else requested_operation.service_name(service)


def _problems(rule):
    unknown = sorted(set(rule) - set(FIELDS))
    if unknown:
        yield f"unknown field {', '.join(unknown)}; the fields are {', '.join(FIELDS)}"
    service, operation = rule.get("service"), rule.get("operation")
    known = isinstance(service, str) and _canonical(service)
    if not known:
        yield f"service must be '*' or a service such as ec2, got {service!r}"
    if not isinstance(operation, str) or not operation:
        yield f"operation must be '*' or an operation such as RunInstances, got {operation!r}"
    elif known and "*" not in (service, operation) and not requested_operation.has_operation(known, operation):
        yield f"{known} has no operation {operation!r}"
    if not _is_number(rule.get("rate")) or not 0 <= rule["rate"] <= 1:
        yield f"rate must be a number from 0 to 1, got {rule.get('rate')!r}"
    if not isinstance(rule.get("error"), str) or not rule["error"].isalnum():
        yield f"error must be an error code such as Throttling, or ConnectionReset, got {rule.get('error')!r}"
    status = rule.get("status")
    if status is not None and (not isinstance(status, int) or not 400 <= status <= 599):
        yield f"status must be from 400 to 599, got {status!r}"
    seed = rule.get("seed")
    if seed is not None and (not isinstance(seed, int) or isinstance(seed, bool)):
        yield f"seed must be a whole number, got {seed!r}"
    if rule.get("during") not in (None, "rollback"):
        yield f"during must be 'rollback' or left out, got {rule['during']!r}"


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _show(_request=None):
    return [rule.view() for rule in _rules]


def _replace(given):
    _rules[:] = _checked(given)
    _keep()
    return _show()


def _clear(_request=None):
    _rules.clear()
    _keep()
    return []


def _keep():
    write_atomically(own_file(FILE), json.dumps([rule.given for rule in _rules]))


def _load():
    try:
        with open(own_file(FILE), encoding="utf-8") as file:
            _rules[:] = _checked(json.load(file))
    except FileNotFoundError:
        pass
    except (ValueError, control.Refused):
        logger.warning("the saved fault rules could not be read; there are none now", exc_info=True)


def _fail_some(original):
    async def dispatch(method, path, headers, body, query_params, request_id):
        if _rules:
            service = ministack_app.detect_service(
                method, path, headers, ministack_app._routing_params(method, path, headers, body, query_params)
            )
            name, operation = requested_operation.of(service, method, path, headers, body, query_params)
            rule = striking(name, operation)
            if rule is not None:
                if rule.error == fault_answers.CONNECTION_RESET:
                    _reset_connection()
                principal = f"arn:aws:iam::{get_account_id()}:user/emulator"
                message = fault_answers.sentence(rule.error, name, operation, principal)
                return fault_answers.answer(service, method, headers, rule.error, rule.status, message)
        return await original(method, path, headers, body, query_params, request_id)

    return dispatch


def _reset_connection():
    """As a network or a load balancer on the way does it: no answer, and the caller's system hears a reset."""
    writer = _connection.get()
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _remember_connection(original):
    async def run(server):
        _connection.set(server.writer)
        await original(server)

    return run


def _forget_at_reset(original):
    def reset():
        _clear()
        return original()

    return reset


def install():
    _load()
    control.register("faults", {"GET": _show, "PUT": _replace, "DELETE": _clear})
    wrap(ministack_app, "_dispatch_service_request", _fail_some)
    wrap(ministack_app, "_reset_all_state", _forget_at_reset)
    wrap(tcp_server.TCPServer, "run", _remember_connection)
