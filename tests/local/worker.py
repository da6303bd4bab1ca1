"""A process of its own that invokes the functions, against the endpoints its environment names.

`python -m tests.local.worker` prints `ready` and then runs until SIGTERM, Ctrl-C, or the end of the process that
started it. May be killed at any point: what it had received becomes visible again after the visibility timeout.
"""

import importlib
import os
import signal
import sys
from threading import Event

import boto3
import click
from botocore.config import Config
from chalice.app import Chalice

from chalicelib.local.deliveries import Deliveries
from chalicelib.local.functions import Rules, declared_functions
from chalicelib.local.invocation import Invocation, log_line
from chalicelib.local.names import Names
from chalicelib.local.pump import Pump


@click.command(help=__doc__)
@click.option("--app", default="app:app", show_default=True, help="module:attribute of the Chalice application.")
@click.option("--concurrency", default=1, show_default=True, help="Invocations of one function at a time.")
@click.option("--function-timeout", default=300.0, show_default=True, help="Seconds.")
@click.option(
    "--asynchronous-waits", default="60,120", show_default=True, help="Before each further try of an S3 event."
)
@click.option("--failure-wait", type=int, help="Seconds a failed message is hidden (its queue's timeout).")
def main(
    app: str, concurrency: int, function_timeout: float, asynchronous_waits: str, failure_wait: int | None
) -> None:
    """Run until told to stop."""
    waits = tuple(int(wait) for wait in asynchronous_waits.split(","))
    rules = Rules(function_timeout, waits, failure_wait, concurrency)
    config = Config(max_pool_connections=50, retries={"total_max_attempts": 1})
    functions = declared_functions(load(app))
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()
    with Pump(
        Deliveries(functions, Names.from_environment(os.environ), boto3.client("sqs", config=config), rules, _log)
    ):
        print("ready", flush=True)
        while not stop.wait(0.1) and os.getppid() == parent:
            pass


def load(where: str) -> Chalice:
    """The Chalice object at `module:attribute`."""
    module, _, attribute = where.partition(":")
    application = getattr(importlib.import_module(module), attribute)
    if not isinstance(application, Chalice):
        raise TypeError(f"{where} is a {type(application).__name__}, not a Chalice application")
    return application


def _log(invocation: Invocation) -> None:
    if (failure := invocation.failure) is not None:
        print(log_line(invocation, failure, verbose=True), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
