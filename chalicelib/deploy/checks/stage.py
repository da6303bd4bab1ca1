"""The deployment itself: stack, buckets, functions, policies and what connects them. Pure."""

from collections.abc import Iterator

from chalicelib.deploy.checks.line import Check, Mark, good, hidden
from chalicelib.deploy.documents import Wanted
from chalicelib.deploy.found import Bucket, Found, FunctionFound, Subscriber
from chalicelib.deploy.plan import SETTLED
from chalicelib.deploy.stage import HANDLERS, Stage, source_of


def check_deployment(stage: Stage, found: Found, wanted: Wanted) -> list[Check]:
    """A line for everything, in the order they depend on each other; what hides several of them is said once."""
    lines = _lines(stage, found, wanted, f"python -m chalicelib up --stage {stage.name}")
    return list(dict.fromkeys(hidden(found.unseen, *names) or line for names, line in lines))


def _lines(stage: Stage, found: Found, wanted: Wanted, up: str) -> Iterator[tuple[tuple[str, ...], Check]]:
    """Each check with the names of what it needs to have been seen (those of cloud/look.py)."""
    function = {handler: f"function {stage.function(handler)}" for handler in HANDLERS}
    profiles = [name for name in found.unseen if name.startswith("inference profiles")]
    yield (f"stack {stage.stack}",), _stack(stage, found, wanted, up)
    for bucket in stage.buckets:
        yield (f"bucket {bucket}",), _bucket(bucket, found, up)
    for handler in HANDLERS:
        yield (function[handler],), _function(stage, found, wanted, handler, up)
    for handler in HANDLERS:
        yield (f"role {stage.function(handler)}", *profiles), _policy(stage, found, wanted, handler, up)
    yield ("notifications",), _notification(stage, found, up)
    for handler in ("on_attempt", "on_dead_letter"):
        yield (function[handler],), _mapping(stage, found, handler, up)
    yield (function["on_attempt"],), _recursion(stage, found, up)
    yield (function["on_prompt"],), _destination(stage, found, up)


def _stack(stage: Stage, found: Found, wanted: Wanted, up: str) -> Check:
    name, stack = f"stack {stage.stack}", found.stack
    if stack is None:
        return Check(Mark.FAIL, f"{name} is missing", up)
    if stack.status not in SETTLED:
        return Check(Mark.FAIL, f"{name} is {stack.status}", up)
    same = stack.template == wanted.template
    return good(same, f"{name} is as .chalice/stack.yaml says", f"{name} differs from .chalice/stack.yaml", up)


def _bucket(name: str, found: Found, up: str) -> Check:
    bucket = found.buckets.get(name, Bucket.ABSENT)
    there = bucket in (Bucket.EMPTY, Bucket.HOLDS)
    return good(there, f"bucket {name} is there", f"bucket {name} is {bucket.value}", up)


def _function(stage: Stage, found: Found, wanted: Wanted, handler: str, up: str) -> Check:
    name, function = f"function {stage.function(handler)}", found.functions.get(handler)
    if function is None:
        return Check(Mark.FAIL, f"{name} is missing", up)
    wrong = _differences(stage, function, wanted, handler)
    runs = f"{name} runs {function.runtime}, {function.architecture}"
    return good(not wrong, runs, f"{name}: {'; '.join(wrong)}", up)


def _differences(stage: Stage, function: FunctionFound, wanted: Wanted, handler: str) -> list[str]:
    pairs = (
        ("state", function.state, "Active"),
        ("runtime", function.runtime, wanted.runtime),
        ("architecture", function.architecture, stage.value("lambda_architecture")),
        ("timeout", function.timeout, stage.value("lambda_timeout", handler)),
        ("memory", function.memory, stage.value("lambda_memory_size", handler)),
    )
    wrong = [f"{what} is {is_now}, must be {must_be}" for what, is_now, must_be in pairs if is_now != must_be]
    must, there = stage.environment_of(handler), function.environment
    names = sorted(name for name in {*must, *there} if must.get(name) != there.get(name))
    return wrong + ([f"other settings: {', '.join(names)}"] if names else [])


def _policy(stage: Stage, found: Found, wanted: Wanted, handler: str, up: str) -> Check:
    role = found.roles.get(handler)
    same = role is not None and role.policy == wanted.policies[handler]
    file = stage.value("iam_policy_file", handler)
    name = f"policy of {stage.function(handler)}"
    return good(same, f"{name} is .chalice/{file}", f"{name} differs from .chalice/{file}", up)


def _notification(stage: Stage, found: Found, up: str) -> Check:
    inbox, arn = stage.settings.inbox_bucket, stage.function_arn("on_prompt")
    there = any(one.bucket == inbox and one.function_arn == arn for one in found.notifications)
    name = stage.function("on_prompt")
    return good(there, f"{inbox} invokes {name}", f"{inbox} does not invoke {name}: dropped files go unseen", up)


def _mapping(stage: Stage, found: Found, handler: str, up: str) -> Check:
    function, source = found.functions.get(handler), source_of(stage, handler)
    mappings = [one for one in (function.mappings if function else ()) if one.source_arn == source]
    name, queue = stage.function(handler), str(source).rpartition(":")[2]
    if not mappings:
        return Check(Mark.FAIL, f"{name} is not fed from {queue}", up)
    mapping = mappings[0]
    if mapping.state != "Enabled":
        enable = f"aws lambda update-event-source-mapping --uuid {mapping.uuid} --enabled"
        return Check(Mark.FAIL, f"{name} is fed from {queue}, but the mapping is {mapping.state}", enable)
    return good(
        mapping.batch_size == 1,
        f"{name} is fed from {queue}, one message at a time",
        f"{name} is fed {mapping.batch_size} messages at a time from {queue}, must be 1",
        up,
    )


def _recursion(stage: Stage, found: Found, up: str) -> Check:
    function, name = found.functions.get("on_attempt"), stage.function("on_attempt")
    recursion = function.recursion if function else "missing"
    otherwise = f"loop of {name} is {recursion}, must be Allow: Lambda stops a job after about 16 attempts"
    return good(recursion == "Allow", f"loop of {name} is allowed", otherwise, up)


def _destination(stage: Stage, found: Found, up: str) -> Check:
    function, name = found.functions.get("on_prompt"), stage.function("on_prompt")
    queue = stage.settings.dead_letter_queue_name
    same = function is not None and function.failure_destination == stage.queue_arn(queue)
    otherwise = f"what {name} fails at goes nowhere, must go to {queue}"
    return good(same, f"what {name} fails at goes to {queue}", otherwise, up)


def check_alarms(stage: Stage, subscribers: tuple[Subscriber, ...]) -> Check:
    """Who is told, who has yet to confirm, or that nobody is."""
    told = sorted(one.endpoint for one in subscribers if one.confirmed)
    if told:
        return Check(Mark.OK, f"alarms go to {', '.join(told)}")
    if subscribers:
        waiting = ", ".join(sorted(one.endpoint for one in subscribers))
        return Check(
            Mark.NOTE, f"alarms wait for {waiting} to confirm", "follow the link in the mail that AWS sent there"
        )
    return Check(Mark.NOTE, "alarms go nowhere", f"python -m chalicelib up --stage {stage.name} --notify ADDRESS")
