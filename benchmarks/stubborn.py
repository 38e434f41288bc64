"""Voters who do not give up, in a process of their own: each step is sent until it is answered.

A step is [path, fields, clicks]; with two clicks it is sent on two connections at the same moment.
As voters.py; what comes in is {"base", "queues": for each client [[session key, steps], …]}.
"""

import json
import re
import socket
import sys
import threading
import time
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from benchmarks.clients import LENGTH
from benchmarks.voters import FOUND, TOKEN

PAUSE = 0.5  # seconds before a step is sent again
PATIENCE = 30  # seconds for one answer
LATER = re.compile(rb"retry-after: *(\d+)", re.IGNORECASE)
SLOW_DOWN = 429
Step = tuple[str, dict[str, str], int]


class Client:
    """One browser with two connections, which are opened again as often as they break."""

    def __init__(self, base: str) -> None:
        host = urlsplit(base).netloc
        self.host, self.address = host, tuple(host.split(":"))
        self.lines: dict[int, socket.socket] = {}
        self.answered = self.again = self.doubled = 0

    def vote(self, session: str, steps: list[Step]) -> None:
        for path, fields, clicks in steps:
            while not self._sent(session, path, fields, clicks):
                self.again += 1
                time.sleep(PAUSE)
            self.answered += 1
            self.doubled += clicks > 1

    def _sent(
        self, session: str, path: str, fields: dict[str, str], clicks: int
    ) -> bool:
        """Whether one of the clicks was answered by the page that follows a vote."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields)
        request = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nCookie: session={session};"
            f" csrf={TOKEN}\r\nContent-Type: application/x-www-form-urlencoded"
            f"\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()
        asked = [number for number in range(clicks) if self._ask(number, request)]
        answers = [self._answer(number) for number in asked]
        waits = [later for _done, later in answers if later]
        if waits:
            time.sleep(max(waits))
        return any(done for done, _later in answers)

    def _ask(self, number: int, request: bytes) -> bool:
        try:
            if number not in self.lines:
                line = socket.create_connection(self.address, timeout=PATIENCE)
                self.lines[number] = line
            self.lines[number].sendall(request)
        except OSError:
            self._drop(number)
            return False
        return True

    def _answer(self, number: int) -> tuple[bool, int]:
        """Whether it was accepted, and how many seconds it asks to wait."""
        try:
            head, left = _head(self.lines[number])
            found = LENGTH.search(head)
            missing = int(found[1]) - left if found else 0
            while missing > 0:
                more = self.lines[number].recv(min(missing, 65536))
                if not more:
                    raise OSError("closed")
                missing -= len(more)
            if (
                not found
            ):  # the body ends with the line, such as that of a broken server
                self._drop(number)
        except (OSError, ValueError, IndexError):
            self._drop(number)
            return False, 0
        status = int(head.split(b" ", 2)[1])
        later = LATER.search(head) if status == SLOW_DOWN else None
        return status == FOUND and b"/ballot/" in head, int(later[1]) if later else 0

    def _drop(self, number: int) -> None:
        if line := self.lines.pop(number, None):
            with suppress(OSError):
                line.close()


def _head(line: socket.socket) -> tuple[bytes, int]:
    """The head of an answer, and how many bytes of its body came along."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = line.recv(65536)
        if not more:
            raise OSError("closed")
        head += more
    before, _gap, body = head.partition(b"\r\n\r\n")
    return before, len(body)


def main() -> None:
    order = json.load(sys.stdin)
    clients = [Client(order["base"]) for _queue in order["queues"]]

    def work(client: Client, queue: list[tuple[str, list[Step]]]) -> None:
        for session, steps in queue:
            client.vote(session, steps)

    threads = [
        threading.Thread(target=work, args=pair)
        for pair in zip(clients, order["queues"], strict=True)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {
        "answered": sum(client.answered for client in clients),
        "sent again": sum(client.again for client in clients),
        "double clicks": sum(client.doubled for client in clients),
        "seconds": round(time.perf_counter() - began),
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
