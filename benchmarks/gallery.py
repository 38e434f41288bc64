"""`python -m benchmarks.gallery`: the pages of a contest with 360 nominees."""

from benchmarks.prizes import CATEGORIES, NOMINEES
from benchmarks.reading import run

if __name__ == "__main__":
    run(
        "gallery",
        f"{CATEGORIES} categories of {NOMINEES} nominees",
        rows=CATEGORIES * NOMINEES + 40,
    )
