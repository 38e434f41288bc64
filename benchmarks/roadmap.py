"""`python -m benchmarks.roadmap`: the time line with 3 x 200 milestones."""

from benchmarks.reading import run

if __name__ == "__main__":
    run("roadmap", "time line of 3 × 200 milestones")
