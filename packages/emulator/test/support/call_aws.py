"""Calls of AWS by botocore, read from the standard input and answered on the standard output, both as JSON.

In: `{"endpoint", "calls": [{"service", "operation", "parameters"}]}`. Out: for each call `{"answer"}` or
`{"error": {"code", "message", "status"}}`.
"""

import json
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError


def clients(endpoint):
    session = botocore.session.get_session()
    session.set_credentials("emulator", "emulator")
    made = {}

    def client(service):
        if service not in made:
            made[service] = session.create_client(
                service,
                region_name="eu-central-1",
                endpoint_url=endpoint,
                # What a client would refuse by itself has to reach the emulator.
                config=Config(retries={"max_attempts": 0}, parameter_validation=False),
            )
        return made[service]

    return client


def call(client, asked):
    try:
        answer = client(asked["service"])._make_api_call(asked["operation"], asked["parameters"])
    except ClientError as error:
        found = error.response
        status = found["ResponseMetadata"]["HTTPStatusCode"]
        return {"error": {"code": found["Error"]["Code"], "message": found["Error"]["Message"], "status": status}}
    answer.pop("ResponseMetadata", None)
    return {"answer": answer}


def main():
    asked = json.load(sys.stdin)
    client = clients(asked["endpoint"])
    json.dump([call(client, one) for one in asked["calls"]], sys.stdout, default=str)


if __name__ == "__main__":
    main()
