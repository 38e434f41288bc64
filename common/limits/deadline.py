"""Deadlines for conversations with other servers: a limit for the whole, not only for each step.

A socket's own timeout starts again with every byte, so a server that sends one now and then could
hold a worker for ever.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class HangUp:
    """A context in which the socket that it follows is shut down after so many seconds.

    Reading from the socket then ends, and the client raises its usual error.
    """

    def __init__(self, seconds: float) -> None:
        self.expired = False
        self._socket: socket.socket | None = None  # the socket in use
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
        """Set the socket to shut down. Raises TimeoutError after the deadline."""
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
