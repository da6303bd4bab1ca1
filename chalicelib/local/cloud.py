"""The whole local AWS as one thing: S3, SQS, the models, and the pump over app.py's handlers.

This is where the process's environment is set, before app.py is imported: the product learns of the endpoints as it
does anywhere, and has no switch for it.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from queue import SimpleQueue
from typing import Self

from chalicelib.follow.job_events import JobEvent, Outbox, Undelivered
from chalicelib.follow.reporting import Reporter
from chalicelib.local.deliveries import Deliveries
from chalicelib.local.engine import Engine
from chalicelib.local.functions import declared_functions
from chalicelib.local.invocation import Invocation, log_line
from chalicelib.local.models import Models
from chalicelib.local.names import Names, local_environment
from chalicelib.local.pump import Pump
from chalicelib.ports import Place
from chalicelib.settings import Settings


class LocalAws:
    """`with LocalAws(...) as aws`; whatever is put into any bucket is told by `events`, in order.

    `reporter` is told of invocations that fail, with their traces if `verbose`; then the handlers' log is shown, too.

    Raises SettingsError when the environment's settings are wrong, PortTaken.
    """

    def __init__(
        self,
        environment: MutableMapping[str, str],
        models: Models,
        reporter: Reporter,
        *,
        verbose: bool = False,
        port: int = 0,
    ) -> None:
        self._written: SimpleQueue[Place | Undelivered | None] = SimpleQueue()
        self.users = dict(environment)  # as it was
        self._environment = environment
        self._models = models
        self._reporter = reporter
        self._verbose = verbose
        names = Names.from_environment(environment, models.region)
        visibility = int(6 * models.rules.function_timeout)
        self.engine = Engine(names, port=port, visibility_timeout=visibility, written=self._written.put)
        self._running = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._set_environment("", {})  # before any client: a profile of the user's is a trap
        settings = Settings.from_environment(self._environment)
        with self._running as starting:
            # What the handlers print, as Lambda wants it, is none of the command's own output.
            sink = sys.stderr if self._verbose else starting.enter_context(open(os.devnull, "w", encoding="utf-8"))
            starting.enter_context(contextlib.redirect_stdout(sink))
            engine = starting.enter_context(self.engine)
            self.reached = starting.enter_context(self._models.running())
            self._set_environment(engine.url, self.reached)
            declared = declared_functions(importlib.import_module("app").app)  # which reads its settings when imported
            functions, rules = self._models.functions(declared, settings), self._models.rules
            self._outbox = Outbox(engine.s3, engine.names.inbox)
            deliveries = Deliveries(functions, engine.names, engine.sqs, rules, self._ended)
            self._pump = starting.enter_context(Pump(deliveries, self._written.put, engine.release_polls))
            self._running = starting.pop_all()
        return self

    def _set_environment(self, engine_url: str, models: Mapping[str, str]) -> None:
        local = local_environment(self.users, self.engine.names, engine_url, models)
        self._environment.clear()
        self._environment.update(local)

    def _ended(self, invocation: Invocation) -> None:
        if (failure := invocation.failure) is not None:
            self._reporter.say(log_line(invocation, failure, verbose=self._verbose), "red")

    def interrupt(self) -> None:
        """Somebody wants to end: `events` does."""
        self._written.put(None)

    def events(self, patience: float | None = None) -> Iterator[JobEvent]:
        """What happens to jobs, until somebody interrupts. Raises queue.Empty after so many seconds of nothing."""
        while (written := self._written.get(timeout=patience)) is not None:
            yield from self._outbox.events(written)

    def settle(self) -> list[JobEvent]:
        """Take nothing new, and let the invocations under way end; what happened meanwhile. S3 and SQS stay up."""
        self._pump.stop()
        left = [self._written.get() for _ in range(self._written.qsize())]
        return [event for written in left if written is not None for event in self._outbox.events(written)]

    def __exit__(self, *_: object) -> None:
        self._running.close()
