"""`python -m benchmarks.planning`: 250 sessions placed on the timetable one by one."""

from benchmarks.reading import run

if __name__ == "__main__":
    run("planning", "planning 250 sessions, 15 rooms, 600 speakers")
