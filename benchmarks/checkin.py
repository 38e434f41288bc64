"""`python -m benchmarks.checkin`: 3,000 people check in, one by one and from devices' lists."""

from benchmarks.reading import run

if __name__ == "__main__":
    run("checkin", "check-in of 3,000 people")
