"""app.py's application, its handlers behind one lock: a process that does one thing at a time.

Killing it interrupts one invocation at most, so that what a kill may cost can be counted exactly.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

from app import app

_TURN = Lock()


def _in_turn(handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def handle(event: Any, context: Any) -> Any:
        with _TURN:
            return handler(event, context)

    return handle


app.handler_map.update({name: _in_turn(handler) for name, handler in app.handler_map.items()})
