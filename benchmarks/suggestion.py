"""`python -m benchmarks.suggestion`: the solver on 250 sessions of five days in 15 rooms."""

from benchmarks.reading import run

if __name__ == "__main__":
    run("suggestion", "proposing 250 sessions, 15 rooms, 600 speakers", rounds=1)
