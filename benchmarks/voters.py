"""Voters, in a process of their own: a queue of forms for each client comes in, milliseconds go
out. As clients.py, by POST."""

import json
import socket
import sys
import threading
import time
from urllib.parse import urlencode, urlsplit

from benchmarks.clients import answer

TOKEN = "c" * 32  # a browser sends the same in cookie and form
FOUND = 302


def vote(
    base: str,
    forms: list[tuple[str, str, dict[str, str]]],
    times: list[float],
    failures: list[str],
) -> None:
    """One client that keeps its connection; a form is path, session key, fields."""
    host = urlsplit(base).netloc
    with socket.create_connection(tuple(host.split(":")), timeout=60) as line:
        for path, session, fields in forms:
            body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields)
            started = time.perf_counter()
            line.sendall(
                f"POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: session={session}; csrf={TOKEN}"
                "\r\nContent-Type: application/x-www-form-urlencoded"
                f"\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
            status = answer(line)
            times.append((time.perf_counter() - started) * 1000)
            if status != FOUND:
                failures.append(f"{status} {path}")


def main() -> None:
    order = json.load(sys.stdin)
    times: list[float] = []
    failures: list[str] = []
    threads = [
        threading.Thread(target=vote, args=(order["base"], forms, times, failures))
        for forms in order["queues"]
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
