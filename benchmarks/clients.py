"""Readers of the pages, in a process of their own: addresses come in, milliseconds go out."""

import http.client
import json
import sys
import threading
import time
from urllib.parse import urlsplit


def read(base: str, paths: list[str], times: list[float], failures: list[str]) -> None:
    """One reader who keeps the connection, as browsers do."""
    line = http.client.HTTPConnection(urlsplit(base).hostname, urlsplit(base).port, timeout=60)
    for path in paths:
        started = time.perf_counter()
        line.request("GET", path, headers={"Accept-Encoding": "gzip"})
        response = line.getresponse()
        response.read()
        times.append((time.perf_counter() - started) * 1000)
        if response.status != http.HTTPStatus.OK:
            failures.append(f"{response.status} {path}")
    line.close()


def main() -> None:
    order = json.load(sys.stdin)
    base, readers, paths = order["base"], order["readers"], order["paths"]
    times: list[float] = []
    failures: list[str] = []
    threads = [
        threading.Thread(target=read, args=(base, paths[number::readers], times, failures))
        for number in range(readers)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    json.dump({"times": sorted(times), "seconds": seconds, "failures": failures}, sys.stdout)


if __name__ == "__main__":
    main()
