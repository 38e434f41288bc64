"""`python -m benchmarks.gallery`: gallery and ballot of a contest with 360 nominees."""

from benchmarks.assigning import ENTRIES
from benchmarks.prizes import CATEGORIES, NOMINEES
from benchmarks.reading import run

if __name__ == "__main__":
    run(
        "gallery",
        f"{ENTRIES} entries, {CATEGORIES} categories of {NOMINEES} nominees",
        rows=ENTRIES + 40,
    )
