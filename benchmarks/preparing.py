"""A database and an environment for benchmarks: made once, kept beside the configured database."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks import calibration
from wsis_portal.run import embedded

FACTOR = "BENCH_FACTOR"  # in the environment: how many times slower than the machine of factor 1


@contextmanager
def bench(name: str) -> Iterator[dict[str, str]]:
    """The environment of a database of this name, with the services running and `machine` said."""
    var = embedded.var_folder()
    with embedded.stores_for("bench", var):
        url = os.environ.get("DATABASE_URL") or embedded.database_url(var)
        factor = calibration.factor(url)
        print(machine(url, factor))
        yield os.environ | {
            FACTOR: str(factor),
            "DATABASE_URL": database(url, name),
            "REDIS_URL": os.environ.get("REDIS_URL") or embedded.redis_url(var),
            "DJANGO_SETTINGS_MODULE": "wsis_portal.settings",
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
            "VAR_DIR": str(var),
        }


def database(url: str, name: str) -> str:
    """The address of a database beside the configured one; made when it is not there."""
    with psycopg.connect(url, autocommit=True) as server:
        known = server.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if not known:
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def prepare(environment: dict[str, str], rows: int = 0) -> None:
    """Tables, vocabularies and style sheets; with `rows`, so many projects besides."""
    commands = [["migrate", "--verbosity", "0"], ["load_reference", "--verbosity", "0"]]
    if rows:
        commands.append(["seed", "--scale", str(rows), "--yes"])
    commands.append(["collectstatic", "--noinput", "--verbosity", "0"])
    for command in commands:
        subprocess.run(
            [sys.executable, "manage.py", *command],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=True,
        )


def machine(url: str, factor: float) -> str:
    """One line on the machine, to stand over its figures."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with psycopg.connect(url) as server:
        version = server.info.parameter_status("server_version")
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, PostgreSQL {version},"
        f" Python {platform.python_version()}, load {os.getloadavg()[0]:.1f},"
        f" factor {factor:.2f} (times divided by it stand beside them)"
    )
