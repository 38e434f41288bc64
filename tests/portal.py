"""The real thing for the few tests that need processes: `manage.py run` in its own folder."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from wsis_portal.run import embedded, processes

ROOT = Path(__file__).resolve().parent.parent
FIRST_START_SECONDS = 900  # `make run` itself waits as long as its processes live
NOT_INHERITED = {
    "DATABASE_URL",
    "REDIS_URL",
    "DJANGO_SETTINGS_MODULE",
    "HOST",
    "SITE_URL",
}


def clean_environment(var, **more):
    """What a shell of somebody who just cloned would have, with VAR_DIR."""
    kept = {
        name: value for name, value in os.environ.items() if name not in NOT_INHERITED
    }
    return kept | {"VAR_DIR": str(var), **more}


def manage(var, *words, **environment):
    """Run a command to its end; for what it says and its exit code."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=clean_environment(var, **environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Portal:
    def __init__(self, var):
        self.var = var
        self.port = embedded.free_port()
        self.process = None

    def start(self):
        with (self.var / "run.out").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run"],
                cwd=ROOT,
                env=clean_environment(self.var, PORT=str(self.port), DEMO="1"),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert self.comes_back(FIRST_START_SECONDS), self.said()

    def stop(self):
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def remove(self):
        """Stop for good and leave nothing outside the test's folder."""
        if self.process.poll() is None:
            self.stop()
        home = Path(embedded.read_record(self.var)["home"])
        if home.parent != self.var:
            shutil.rmtree(home)

    def said(self):
        return (self.var / "run.out").read_text()

    def get(self, path, host="localhost"):
        """Status and body of a page; None when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def health(self):
        answer = self.get("/healthz")
        return json.loads(answer[1]) if answer else {"status": "nobody answers"}

    def comes_back(self, seconds):
        """Whether web, stores and workers are all well within so many seconds."""
        return processes.wait_until(lambda: self.health()["status"] == "ok", seconds)

    def pids(self, *words):
        """Processes of this portal whose command line holds all the words."""
        return sorted(
            pid
            for pid in processes.marked(str(self.var))
            if all(word in processes.command_line(pid) for word in words)
        )

    def store(self, kind):
        """The running embedded store of that class."""
        record = embedded.read_record(self.var)
        return kind(
            Path(record["home"]), record[kind.port_key], record["password"], None
        )
