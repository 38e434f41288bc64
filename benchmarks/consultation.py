"""`python -m benchmarks.consultation`: the pages of a consultation with 500 inputs."""

from benchmarks.reading import run

if __name__ == "__main__":
    run("consultation", "consultation of 500 inputs", rounds=20)
