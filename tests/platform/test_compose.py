"""docker-compose.yml as far as it can be judged without an engine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from wsis_portal.loading import facts
from wsis_portal.management.commands import run

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
EXAMPLE = set(
    re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
)
OWN_CODE = [ROOT / "manage.py", *(ROOT / "wsis_portal").rglob("*.py")]
SET_BY_SUPERVISOR = {"WSIS_RUN_ID", "WSIS_PROCESS", "DJANGO_SETTINGS_MODULE", "PATH"}
# Those that mean Compose itself, and those that the image has its own values for.
NOT_FOR_CONTAINERS = {
    "PORTAL_HOST",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
    "PORTAL_VERSION",
    "VAR_DIR",
    "STATIC_ROOT",
    "HOST",
    "PORT",
    "CHROMIUM",
}
PORTAL = sorted(name for name, service in SERVICES.items() if "build" in service)


def in_compose(command):
    """A command line of `run` as it stands in the file: whatever python is called there."""
    return ["python", *command[1:]]


def test_every_variable_of_compose_is_explained():
    used = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE))

    assert used - EXAMPLE == set()


def test_every_variable_of_the_code_is_explained():
    read = set()
    for path in OWN_CODE:
        text = path.read_text()
        read |= set(
            re.findall(r"\b(?:env|os\.environ)(?:\.\w+)?\(\s*\"([A-Z_]+)\"", text)
        )

    assert read - SET_BY_SUPERVISOR - EXAMPLE == set()


@pytest.mark.parametrize("name", PORTAL)
def test_every_explained_variable_reaches_the_container(name):
    handed_on = SERVICES[name]["environment"]

    assert EXAMPLE - NOT_FOR_CONTAINERS - set(handed_on) == set()
    assert set(handed_on) - EXAMPLE == set()
    assert [var for var, value in handed_on.items() if f"${{{var}:" not in value] == []


def test_a_variable_without_a_value_counts_as_not_set():
    """As Compose hands on what .env leaves out."""
    empty = dict.fromkeys(
        EXAMPLE - {"VAR_DIR", "DATABASE_URL", "REDIS_URL", "HOST", "PORT"}, ""
    )
    show = (
        "from django.conf import settings as s; print(s.DEMO, s.REQUIRE_STAFF_MFA,"
        " s.FACTOR_RESET_HOURS, s.ALLOWED_HOSTS, s.SECRET_KEY_FALLBACKS)"
    )

    result = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", show],
        cwd=ROOT,
        env=os.environ | empty | {"DJANGO_SETTINGS_MODULE": "wsis_portal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (
        result.stdout.strip() == "False True 72 ['localhost', '127.0.0.1', '[::1]'] []"
    )


def test_a_new_site_loads_the_facts_that_make_run_loads():
    """One command; the list that it goes through is the one of `make run`."""
    command = SERVICES["migrate"]["command"][-1]

    assert command.endswith("manage.py load_facts")
    assert facts.FACTS is facts.FACTS
    assert "load_facts" in (ROOT / "docs" / "operations.md").read_text()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_log_grows_without_end(name):
    assert set(SERVICES[name]["logging"]["options"]) == {"max-size", "max-file"}


def test_every_explained_variable_is_used():
    code = COMPOSE + "".join(path.read_text() for path in OWN_CODE)
    code += (ROOT / "tests" / "chromium.py").read_text()

    assert {name for name in EXAMPLE if not re.search(rf"\b{name}\b", code)} == set()


def test_processes_are_those_of_run():
    background = {
        name: in_compose(command) for name, command in run._background().items()
    }

    assert SERVICES["web"]["command"] == in_compose(run._web("0.0.0.0", 8000))  # noqa: S104 (compared, not bound)
    assert {name: SERVICES[name]["command"] for name in background} == background


def test_image_runs_the_web_server_by_default():
    words = re.findall(
        r'"([^"]+)"', (ROOT / "Dockerfile").read_text().rpartition("CMD")[2]
    )

    assert words == SERVICES["web"]["command"]


def test_management_commands_exist():
    texts = (
        COMPOSE + (ROOT / "Dockerfile").read_text() + (ROOT / "Makefile").read_text()
    )
    named = set(re.findall(r"(?:manage\.py|\$\(MANAGE\)) ([a-z_]+)", texts))

    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate", "beat"}))
def test_service_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]

    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout"} - set(check) == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_image_is_pinned(name):
    image = SERVICES[name]["image"]

    assert image.startswith("wsis-portal:${") or re.search(r":\d+\.\d+$", image)


def test_volumes_are_declared():
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }

    assert used == set(yaml.safe_load(COMPOSE)["volumes"])


def test_dependencies_exist_and_only_the_proxy_is_reachable():
    wanted = {
        name for service in SERVICES.values() for name in service.get("depends_on", {})
    }

    assert wanted - set(SERVICES) == set()
    assert [name for name, service in SERVICES.items() if "ports" in service] == [
        "proxy"
    ]


def test_lock_names_no_registry():
    addresses = set(re.findall(r"https?://[^/\"]+", (ROOT / "uv.lock").read_text()))

    assert addresses == {"https://index.invalid"}
