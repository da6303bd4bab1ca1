"""A process of its own that invokes the functions, against the endpoints its environment names.

`python -m chalicelib.local.worker` prints `ready` and then runs until SIGTERM, Ctrl-C, or the end of the process that
started it. May be killed at any point: what it had received becomes visible again after the visibility timeout.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from threading import Event

import boto3
from botocore.config import Config
from chalice.app import Chalice

from chalicelib.local.functions import declared_functions
from chalicelib.local.invocation import Invocation, log_line
from chalicelib.local.names import Names
from chalicelib.local.pump import Pump
from chalicelib.local.rules import Rules


def main(arguments: list[str], environment: Mapping[str, str]) -> int:
    """Run until told to stop; the exit code."""
    options = _parser().parse_args(arguments)
    waits = tuple(int(wait) for wait in options.asynchronous_waits.split(","))
    rules = Rules(options.function_timeout, waits, options.failure_wait, options.concurrency)
    config = Config(max_pool_connections=50, retries={"total_max_attempts": 1})
    s3, sqs = boto3.client("s3", config=config), boto3.client("sqs", config=config)
    functions = declared_functions(load(options.app))
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()
    with Pump(functions, Names.from_environment(environment), s3, sqs, rules, _log):
        print("ready", flush=True)
        while not stop.wait(0.1) and os.getppid() == parent:
            pass
    return 0


def load(where: str) -> Chalice:
    """The Chalice object at `module:attribute`."""
    module, _, attribute = where.partition(":")
    application = getattr(importlib.import_module(module), attribute)
    if not isinstance(application, Chalice):
        raise TypeError(f"{where} is a {type(application).__name__}, not a Chalice application")
    return application


def _log(invocation: Invocation) -> None:
    if invocation.failure is not None:
        print(log_line(invocation, datetime.now(UTC), verbose=True), file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chalicelib.local.worker", description=__doc__)
    parser.add_argument("--app", default="app:app", help="module:attribute of the Chalice application (app:app)")
    parser.add_argument("--concurrency", type=int, default=1, help="invocations of one function at a time (1)")
    parser.add_argument("--function-timeout", type=float, default=300.0, help="seconds (300)")
    parser.add_argument("--asynchronous-waits", default="60,120", help="seconds before each further try of an S3 event")
    parser.add_argument("--failure-wait", type=int, help="seconds a failed message is hidden (its queue's timeout)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
