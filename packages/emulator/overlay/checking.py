"""How a check comes before an operation of a service, and before the creation and change of a resource of a stack."""

import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.ec2 as ec2

from aws_error import AwsError
from patching import wrap_action


class Asked:
    """The parameters of a query request, read one by one."""

    def __init__(self, params):
        self.params = params

    def one(self, key):
        value = self.params.get(key)
        return (value[0] if value else None) if isinstance(value, list) else value

    def _numbered(self, prefix):
        found, index = [], 1
        while (value := self.one(f"{prefix}.{index}")) is not None:
            found.append(value)
            index += 1
        return found

    def many(self, prefix):
        """EC2's lists: `SubnetId.1`."""
        return self._numbered(prefix)

    def members(self, prefix):
        """The lists of the other query services: `Subnets.member.1`."""
        return self._numbered(f"{prefix}.member")


def check_actions(actions, checks):
    """`checks`: operation → (check of properties, how they are read from the request)."""
    for name, (check, read) in checks.items():
        wrap_action(actions, name, _checked_action(check, read))


def _checked_action(check, read):
    def make(original):
        def answer(params):
            ec2._ensure_defaults_initialized()
            try:
                check(read(Asked(params)))
            except AwsError as error:
                return error.answer()
            return original(params)

        return answer

    return make


def check_types(checks, changing=()):
    for type_name, check in checks.items():
        handlers = provisioners._RESOURCE_HANDLERS[type_name]
        original = handlers["create"]
        handlers["create"] = _checked_create(check, original)
        # MiniStack's updates reach for it by name when they replace a resource.
        for name, value in list(vars(provisioners).items()):
            if value is original:
                setattr(provisioners, name, handlers["create"])
        if type_name in changing:
            handlers["update"] = _checked_update(check, handlers["update"])


def _checked_create(check, create):
    def checked(logical_id, properties, stack_name):
        ec2._ensure_defaults_initialized()
        check(properties)
        return create(logical_id, properties, stack_name)

    return checked


def _checked_update(check, update):
    def checked(physical_id, old, new, *more):
        check(new)
        return update(physical_id, old, new, *more)

    return checked
