"""How this overlay changes MiniStack: by name, in one place, and never silently."""


def wrap(module, name, make):
    """Replaces `module.name` by `make(original)`. A name that is gone stops the start: the pinned version moved."""
    setattr(module, name, make(getattr(module, name)))


def wrap_action(actions, name, make):
    """The same for an entry of a service's table of actions."""
    actions[name] = make(actions[name])


def refuse(response):
    """Turns an error answer of a MiniStack operation into the plain sentence that a stack event shows."""
    status, _headers, body = response
    if status >= 400:
        # Not at the top: the error's own module patches too.
        from aws_error import AwsError
        from readable_errors import code_of, sentence_of

        raise AwsError("ec2", code_of(body), sentence_of(body), status)
    return response
