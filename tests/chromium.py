"""The browser of the tests; `python -m tests.chromium` fetches one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root, in a container; they open pages of ours only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A renderer of the browser's own address bar takes a fifth of a core. The last list of such
    # features counts: the others are those that Playwright turns off.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,MediaRouter,OptimizationHints,PaintHolding,"
    "ThirdPartyStoragePartitioning",
]
HELP = (
    "There is no Chromium for the browser tests: install the package chromium, or name a browser"
    " with CHROMIUM=/path/to/chrome."
)


def find():
    """Path of a browser: what CHROMIUM names, an installed one, Playwright's own; else None."""
    named = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else NAMES
    found = next((path for name in named if (path := shutil.which(name))), None)
    return found or _playwrights_own()


def _playwrights_own():
    home = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
        or Path.home() / ".cache/ms-playwright"
    )
    pattern = "chromium-*/chrome-linux*/chrome"
    return next((str(path) for path in sorted(home.glob(pattern), reverse=True)), None)


def install():
    """Try the system's package as root, else Playwright's download; what they say is shown."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-qq", "--yes", "chromium"], check=False)
    if not find():
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=False
        )


if __name__ == "__main__":
    if not find():
        install()
    if not find():
        sys.exit(HELP)
