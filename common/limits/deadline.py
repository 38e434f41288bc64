"""An end to conversations with others: a time limit for all of it, not only for each step.

A socket's own limit begins anew with every byte, so that a server which sends one now and then can
hold a worker for ever.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class HangUp:
    """A context in which the socket that it follows is shut down after so many seconds.

    Whoever reads from it then finds the connection ended and raises what its client raises.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._socket: socket.socket | None = (
            None  # what is spoken through at the moment
        )
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    def follow(self, line: socket.socket) -> None:
        """This is the socket that is spoken through from now on. TimeoutError after the end."""
        with self._lock:
            self._socket = line
            if self.expired:
                raise TimeoutError("The time for this conversation is over.")

    def _end(self) -> None:
        with self._lock:
            self.expired = True
            if self._socket:
                with suppress(OSError):  # closed already
                    # not the method of an encrypted one, which is meant for its own thread
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
