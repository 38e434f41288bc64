"""Many at once: for promises that only the database keeps."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once(act, people):
    """Call `act(number)` in so many threads that start together; their results in order."""
    barrier = Barrier(people)

    def run(number):
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(run, range(people)))
