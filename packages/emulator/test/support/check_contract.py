"""Every operation and every resource type that the overlay makes or changes, held against botocore's service models.

In: `{"endpoint", "overlay"}`. Out: `{"problems", "operations", "types", "missing"}`: what does not fit a model, how much
was checked, and what of ours nobody called. With `{"samples": [{"service", "operation", "body"}]}`: the problems of each.
"""

import importlib
import json
import os
import re
import sys

import botocore.parsers
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from botocore.handlers import json_decode_template_body

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import contract_scenario  # noqa: E402
from model_checks import value_problems, wire_problems  # noqa: E402

TABLES = {
    "ec2": ("ec2", "_ACTION_MAP"),
    "elbv2": ("alb", "_ACTION_MAP"),
    "autoscaling": ("autoscaling", "_ACTION_MAP"),
    "iam": ("iam", "_IAM_HANDLERS"),
    "ecs": ("ecs", "_ACTION_MAP"),
    "cloudformation": ("cloudformation.handlers", "_ACTION_HANDLERS"),
}


# What does not fit a model and is right, or is MiniStack's own and not the overlay's to mend.
ACCEPTED = tuple(
    re.compile(pattern)
    for pattern in (
        # AWS answers so itself.
        r"ec2 (AssociateAddress|CreateSecurityGroup)\.return is not",
        r"ec2 DescribeInternetGateways\..*Attachments\[\d+\]\.State is none of .*: 'available'",
        r"cloudformation DescribeStackEvents\..*ResourceStatus is none of .*: 'REVIEW_IN_PROGRESS'",
        # More than the model has, which no client sees.
        r"cloudformation DescribeChangeSet\.ChangeSetType is not",
        r"ec2 (CreateVpc|DescribeVpcs)\..*\.(defaultNetworkAclId|defaultSecurityGroupId|mainRouteTableId) is not",
        # Empty instead of absent, in answers that the overlay only lets through or refuses.
        r"ecs (RegisterTaskDefinition|RunTask)\..* is none of .*: ''",
    )
)


class Caller:
    def __init__(self, endpoint):
        self.session = botocore.session.get_session()
        self.session.set_credentials("emulator", "emulator")
        self.endpoint = endpoint
        self.clients = {}
        self.called = set()
        self.problems = []

    def client(self, service):
        if service not in self.clients:
            client = self.session.create_client(
                service,
                region_name="eu-central-1",
                endpoint_url=self.endpoint,
                config=Config(retries={"max_attempts": 0}),
            )
            client.meta.events.register("before-parse.*", self._keep)
            # botocore itself makes an object of the text that its model has.
            client.meta.events.unregister("after-call.cloudformation.GetTemplate", json_decode_template_body)
            self.clients[service] = client
        return self.clients[service]

    def _keep(self, response_dict, **_named):
        self.body = response_dict["body"]

    def __call__(self, service, operation, /, **parameters):
        """The answer. A client validates what it sends by itself; what comes back is looked at here."""
        client = self.client(service)
        model = client.meta.service_model.operation_model(operation)
        try:
            answer = client._make_api_call(operation, parameters)
        except (ClientError, ParamValidationError, ValueError) as error:
            self.problems.append(f"{service} {operation}: {error}")
            raise
        self.called.add(f"{service}:{operation}")
        answer.pop("ResponseMetadata", None)
        found = list(value_problems(model.output_shape, answer, operation)) if model.output_shape else []
        said = [f"{service} {problem}" for problem in {*found, *wire_problems(model, self.body)}]
        self.problems += [problem for problem in said if not any(known.match(problem) for known in ACCEPTED)]
        return answer


def ours(overlay):
    """The operations and the types whose handler is the overlay's: looked up, so that a new one is never forgotten."""
    sys.path.insert(0, overlay)
    modules = {name[:-3] for name in os.listdir(overlay) if name.endswith(".py")}
    for module in importlib.import_module("overlays").OVERLAYS:
        module.install()
    operations = set()
    for service, (module, table) in TABLES.items():
        handlers = getattr(importlib.import_module(f"ministack.services.{module}"), table)
        operations |= {f"{service}:{name}" for name, handle in handlers.items() if handle.__module__ in modules}
    registered = importlib.import_module("ministack.services.cloudformation.provisioners")._RESOURCE_HANDLERS
    types = {
        name
        for name, handlers in registered.items()
        if any(callable(handle) and handle.__module__ in modules for handle in handlers.values())
    }
    return operations, types


def problems_of(session, service, operation, body):
    """Of an answer as it would come over the wire."""
    model = session.get_service_model(service).operation_model(operation)
    parser = botocore.parsers.create_parser(model.service_model.metadata["protocol"])
    raw = {"status_code": 200, "headers": {}, "body": body.encode()}
    parsed = parser.parse(raw, model.output_shape)
    parsed.pop("ResponseMetadata", None)
    return [*value_problems(model.output_shape, parsed, operation), *wire_problems(model, raw["body"])]


def main():
    asked = json.load(sys.stdin)
    if "samples" in asked:
        session = botocore.session.get_session()
        json.dump([problems_of(session, **sample) for sample in asked["samples"]], sys.stdout)
        return
    caller = Caller(asked["endpoint"])
    made = contract_scenario.play(caller)
    # After the calls: the overlay takes from its process what the emulator may not do either.
    operations, types = ours(asked["overlay"])
    json.dump(
        {
            "problems": sorted(set(caller.problems)),
            "operations": len(operations),
            "types": len(types),
            "missing": sorted((operations - caller.called) | (types - made)),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
