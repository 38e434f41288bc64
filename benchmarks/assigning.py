"""`python -m benchmarks.assigning`: 945 entries are given to the experts of 18 panels."""

from benchmarks.prizes import CATEGORIES
from benchmarks.reading import run

ENTRIES, EXPERTS = 945, 7  # experts of each panel

if __name__ == "__main__":
    run(
        "assigning",
        f"{ENTRIES} entries, {CATEGORIES} panels of {EXPERTS} experts",
        rows=ENTRIES + 40,
    )
