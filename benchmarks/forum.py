"""`python -m benchmarks.forum`: the agenda page with 250 sessions."""

from benchmarks.reading import run

if __name__ == "__main__":
    run("forum", "agenda of 250 sessions")
