"""The process from which commands are forked: `python -m tests.warm.server SOCKET MODULE...`.

It imports the modules, then forks for every order that comes over the socket, until nobody holds the other end any
more. It stays single-threaded. An order comes with four file descriptors: where its process id and exit code are told,
and the command's standard streams.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

LONGEST_ORDER = 1_000_000
STREAMS = ("stdin", "r"), ("stdout", "w"), ("stderr", "w")


@dataclass(frozen=True)
class Order:
    """What is to be run: `command` without the interpreter, so `-m` and a module, or a file; then its arguments."""

    command: tuple[str, ...]
    directory: str
    environment: dict[str, str]


def serve(orders: socket.socket) -> Order | None:
    """The order that this process has become, in a fork; None in the process itself, once all is over."""
    while True:
        message, handles, *_ = socket.recv_fds(orders, LONGEST_ORDER, 4)
        _bury()
        if not message:
            return None
        if os.fork() == 0:
            orders.close()
            return _watched(Order(**json.loads(message)), *handles)
        for handle in handles:
            os.close(handle)


def _bury() -> None:
    """Take note of whoever is over, so that the time they used counts as this process's."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watched(order: Order, told: int, *streams: int) -> Order:
    """Returns in the command's process; the one between it and the server tells of it and is over."""
    command = os.fork()
    if command == 0:
        os.close(told)
        _take(order, streams)
        return order
    for stream in streams:
        os.close(stream)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.write(told, str(command).encode())
    _wait(command, told)
    _, status = os.waitpid(command, 0)
    with suppress(BrokenPipeError):
        os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _wait(command: int, told: int) -> None:
    """Until the command is over; it is killed once nobody is there any more to be told."""
    either = select.poll()
    either.register(os.pidfd_open(command), select.POLLIN)
    either.register(told, select.POLLHUP)
    if any(number == told for number, _ in either.poll()):
        os.kill(command, signal.SIGKILL)


def _take(order: Order, streams: tuple[int, ...]) -> None:
    """This process's streams, directory and environment become the order's."""
    for number, (stream, (name, mode)) in enumerate(zip(streams, STREAMS, strict=True)):
        os.dup2(stream, number)
        os.close(stream)
        made: Any = open(number, mode, closefd=False)  # noqa: SIM115 - until the process ends, as the interpreter's own
        setattr(sys, name, made)
        setattr(sys, f"__{name}__", made)
    os.chdir(order.directory)
    os.environ.clear()
    os.environ.update(order.environment)


def become(order: Order, inherited: list[str]) -> None:
    """Run it as the interpreter would, here; `inherited` is the path of imports without the server's own directory."""
    first, *arguments = order.command
    given = [path for path in order.environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    if first == "-m":
        module, *arguments = arguments
        sys.path[:] = [order.directory, *given, *inherited]
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    else:
        sys.path[:] = [os.path.dirname(first), *given, *inherited]
        sys.argv = [first, *arguments]
        runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    number, *modules = sys.argv[1:]
    for name in modules:
        importlib.import_module(name)
    gc.freeze()  # the collector would copy every page that is shared with the forks
    here = sys.path[0]
    if (ordered := serve(socket.socket(fileno=int(number)))) is not None:
        become(ordered, [path for path in sys.path if path != here])
