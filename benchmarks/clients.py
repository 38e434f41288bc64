"""Readers of the pages, in a process of their own: addresses come in, milliseconds go out."""

import http
import json
import re
import socket
import sys
import threading
import time
from urllib.parse import urlsplit

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def read(base: str, paths: list[str], times: list[float], failures: list[str]) -> None:
    """One reader who keeps the connection, as browsers do.

    By hand: http.client takes a tenth of a page's time, on the same cores.
    """
    host = urlsplit(base).netloc
    with socket.create_connection(tuple(host.split(":")), timeout=60) as line:
        for path in paths:
            started = time.perf_counter()
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            status = answer(line)
            times.append((time.perf_counter() - started) * 1000)
            if status != http.HTTPStatus.OK:
                failures.append(f"{status} {path}")


def answer(line: socket.socket) -> int:
    """Read one whole answer; its status."""
    head, _gap, body = b"", b"", b""
    while not _gap:
        head, _gap, body = (head + line.recv(65536)).partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    missing = int(length[1]) - len(body) if length else 0
    while missing > 0:
        missing -= len(line.recv(min(missing, 65536)))
    return int(head.split(b" ", 2)[1])


def main() -> None:
    order = json.load(sys.stdin)
    base, readers, paths = order["base"], order["readers"], order["paths"]
    times: list[float] = []
    failures: list[str] = []
    threads = [
        threading.Thread(
            target=read, args=(base, paths[number::readers], times, failures)
        )
        for number in range(readers)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    json.dump(
        {"times": sorted(times), "seconds": seconds, "failures": failures}, sys.stdout
    )


if __name__ == "__main__":
    main()
