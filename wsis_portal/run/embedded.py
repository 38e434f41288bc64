"""Embedded PostgreSQL and Valkey: where their data is, how they start and stop.

Used when DATABASE_URL or REDIS_URL is not set. `var/services.json` (readable by its owner only)
stores the ports, the password and `home`, the folder of programs and data: `var/services`, or, when
root starts us in a folder that an unprivileged user cannot enter, one under /var/tmp. Root never
runs the servers: PostgreSQL refuses it, so both run as the user `nobody`.
"""

import fcntl
import json
import os
import pwd
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from wsis_portal.run.stores import Postgres, Store, Valkey
from wsis_portal.run.trouble import Trouble, damaged, need_space

BASE_DIR = Path(__file__).resolve().parents[2]
UNPRIVILEGED_USER = "nobody"
RECORD = "services.json"
SERVER_PORTS = range(20_000, 32_768)
NOBODY_ANSWERS = "127.0.0.1:1"  # address of stores for commands that need none
NEED_NO_STORES = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "stop",
    "version",
}


def var_folder() -> Path:
    """The folder of everything that is not code: VAR_DIR, else `var` in the clone."""
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


def secret_key(var: Path) -> str:
    """Django's key: the one that a first start wrote, else one for this process only."""
    kept = var / "secret_key"
    return kept.read_text() if kept.is_file() else secrets.token_urlsafe(50)


def database_url(var: Path) -> str:
    record = read_record(var)
    if not record:
        return f"postgres://{NOBODY_ANSWERS}/wsis"
    return (
        f"postgres://wsis:{record['password']}@127.0.0.1:{record['postgres_port']}/wsis"
    )


def redis_url(var: Path) -> str:
    record = read_record(var)
    if not record:
        return f"redis://{NOBODY_ANSWERS}/0"
    return f"redis://:{record['password']}@127.0.0.1:{record['valkey_port']}/0"


def read_record(var: Path) -> dict[str, Any]:
    """The content of `services.json`, empty before the first start; raises Trouble when it is
    invalid."""
    path = var / RECORD
    if not path.exists():
        return {}
    try:
        record = json.loads(path.read_text())
        return {
            "home": str(record["home"]),
            "password": str(record["password"]),
            "postgres_port": int(record["postgres_port"]),
            "valkey_port": int(record["valkey_port"]),
        }
    except (ValueError, KeyError, TypeError):
        raise damaged(path, var) from None


@contextmanager
def stores_for(
    command: str, var: Path, *, durable: bool = True
) -> Iterator[list[Store]]:
    """Run the stores that `manage.py command` needs.

    They are started when they do not run yet, and stopped by the last process that uses them. `run`
    is different in two points: the stores end with it, and it stops them even when others use them.
    """
    if command in NEED_NO_STORES:
        yield []
        return
    prepare(var)
    with (var / "stores.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        stores = start(var, linked=command == "run", durable=durable)
        try:
            yield stores
        finally:
            if command == "run" or _nobody_else(users):
                stop(stores)


def _nobody_else(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def prepare(var: Path) -> None:
    """Create the folder of everything that is not code, and the key unless the environment has
    one."""
    var.mkdir(mode=0o711, parents=True, exist_ok=True)
    key = var / "secret_key"
    if not key.is_file() and not os.environ.get("SECRET_KEY"):
        write_private(key, secrets.token_urlsafe(50))


def start(
    var: Path,
    *,
    linked: bool,
    durable: bool = True,
    report: Callable[[str], None] = lambda name: None,
) -> list[Store]:
    """Start the stores that the environment does not name; use those that run already.

    `linked` stores get a stop signal when this process ends. `report` hears each name.
    """
    with (var / "start.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        stores = known_stores(var, durable=durable)
        for store in stores:
            report(store.title)
            store.start(linked=linked)
    return stores


def stop(stores: list[Store]) -> None:
    for store in reversed(stores):
        store.stop()


def known_stores(var: Path, *, durable: bool = True) -> list[Store]:
    """The embedded stores in start order, without those that the environment replaces."""
    kinds: list[type[Store]] = []
    if not os.environ.get("DATABASE_URL"):
        kinds.append(Postgres)
    if not os.environ.get("REDIS_URL"):
        kinds.append(Valkey)
    if not kinds:
        return []
    need_space(var)
    owner = _owner()
    record = read_record(var) or _new_record(var, owner)
    home = Path(record["home"])
    if not home.is_dir():
        raise damaged(home, var, "the folder is gone")
    stores = [
        kind(home, record[kind.port_key], record["password"], owner, durable)
        for kind in kinds
    ]
    for store in stores:
        _settle_port(store, record)
    write_private(var / RECORD, json.dumps(record, indent=2))
    return stores


def _settle_port(store: Store, record: dict[str, Any]) -> None:
    """Keep the recorded port unless another program has taken it meanwhile."""
    if not store.answers() and not store.is_running() and not port_is_free(store.port):
        store.port = free_port()
        record[store.port_key] = store.port


def _new_record(var: Path, owner: pwd.struct_passwd | None) -> dict[str, Any]:
    return {
        "home": str(_new_home(var, owner)),
        "password": secrets.token_urlsafe(24),
        "postgres_port": free_port(),
        "valkey_port": free_port(),
    }


def _owner() -> pwd.struct_passwd | None:
    """The user that runs the servers: ourselves (None), or an unprivileged user when we are
    root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(UNPRIVILEGED_USER)
    except KeyError:
        raise Trouble(
            f"PostgreSQL does not run as root and there is no user “{UNPRIVILEGED_USER}”:"
            " start as a normal user, or set DATABASE_URL and REDIS_URL."
        ) from None


def _new_home(var: Path, owner: pwd.struct_passwd | None) -> Path:
    """A folder for programs and data that the servers' user can enter."""
    home = var / "services"
    if owner and not all(folder.stat().st_mode & 0o001 for folder in home.parents):
        home = Path(tempfile.mkdtemp(prefix="wsis-portal-", dir="/var/tmp"))
    home.mkdir(mode=0o700, exist_ok=True)
    if owner:
        os.chown(home, owner.pw_uid, owner.pw_gid)
    return home


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A free port below those that the system gives to outgoing connections.

    A port that the system itself proposes can be taken again, by any connection of any program,
    before our server listens on it.
    """
    while True:
        port = secrets.choice(SERVER_PORTS)
        if port_is_free(port):
            return port


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; a crash leaves the old one."""
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with open(
        os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)
