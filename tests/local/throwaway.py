"""A small application with the product's three handlers, which keeps what it is given; stands in for app.py here."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from chalice import Chalice

from chalicelib.local.names import Names

React = Callable[[str, Any], None]


class Throwaway:
    """`seen` holds (handler's name, event, context) in order; `react(name, event)` may raise or take its time."""

    def __init__(self, names: Names, react: React = lambda name, event: None, batch_size: int = 1) -> None:
        self.seen: list[tuple[str, dict[str, Any], Any]] = []
        self._lock = Lock()
        self._react = react
        self.app = Chalice("throwaway", configure_logs=False, env={})
        self.app.on_s3_event(names.inbox, prefix="inbox/", name="on_prompt")(self._handler("on_prompt"))
        for name, queue in (("on_attempt", names.queue), ("on_dead_letter", names.dead_letter_queue)):
            self.app.on_sqs_message(queue, batch_size=batch_size, name=name)(self._handler(name))

    def events(self, name: str) -> list[dict[str, Any]]:
        with self._lock:
            return [event for seen, event, _ in self.seen if seen == name]

    def contexts(self, name: str) -> list[Any]:
        with self._lock:
            return [context for seen, _, context in self.seen if seen == name]

    def _handler(self, name: str) -> Callable[[Any], None]:
        def handler(event: Any) -> None:
            with self._lock:
                self.seen.append((name, event.to_dict(), event.context))
            self._react(name, event.to_dict())

        handler.__name__ = name
        return handler
