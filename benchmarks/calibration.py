"""One unit of time for all machines, which differ by a factor of three.

Each run times a fixed piece of Python and of SQL work. Their mean, in times of the machine of the
first accepted run (one pass of SQL over 13,240 rows 35 ms, facets without a filter 2.3 ms), is
the factor of this one. A time divided by it can be compared with one of another machine or hour.
"""

import statistics
import time

import psycopg

ROUNDS = 7
# Milliseconds that the two pieces take on the machine whose factor is 1: there one pass of SQL over
# 13,240 rows takes 35 ms. Set from a run in which it took 89 ms and the pieces 72.6.
PYTHON_MS, SQL_MS = 28.5, 28.5
SQL = """
SELECT count(DISTINCT left(hash, 3)), max(hash)
FROM (SELECT md5(number::text) AS hash FROM generate_series(1, 20000) AS number) AS hashed
"""


def python_work() -> int:
    """Dictionaries, strings, sorting: what requests spend their time with."""
    words: dict[str, int] = {}
    for number in range(60_000):
        word = str(number * 2_654_435_761 % 9973)
        words[word] = words.get(word, 0) + 1
    return len(" ".join(sorted(words, key=lambda word: (-words[word], word))))


def factor(url: str) -> float:
    """How many times slower than the machine of factor 1 this one is now; below 1 if quicker."""
    with psycopg.connect(url) as server:
        python, sql = [], []
        for _round in range(ROUNDS):
            began = time.perf_counter()
            python_work()
            between = time.perf_counter()
            server.execute(SQL).fetchone()
            python.append((between - began) * 1000)
            sql.append((time.perf_counter() - between) * 1000)
    pieces = statistics.median(python) / PYTHON_MS, statistics.median(sql) / SQL_MS
    return statistics.geometric_mean(pieces)
