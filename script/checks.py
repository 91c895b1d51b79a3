"""What `script/test` runs, in order; a table at the end says what passed, failed, and could not run.

Everything is checked even when something failed, so that one run tells all.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from script import servers
from tests import chromium
from tests.platform import processes

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "").lower() in {"1", "true"}
_BIN = Path(sys.executable).parent
_PACKAGES = {"chromium": ["chromium", "fonts-liberation"], "msgfmt": ["gettext"]}
_MOST_WORKERS = 8  # each has a database of its own at Redis, which holds sixteen, and maybe a browser
_NO_TESTS = 5  # pytest's status when its arguments select none of a lane's tests


@dataclass
class Outcome:
    name: str
    passed: bool | None  # None: not run, which is no failure outside CI
    note: str

    @property
    def word(self) -> str:
        return {True: "ok", False: "FAILED", None: "NOT RUN"}[self.passed]


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    outcomes = [*_prepare(), *_static_checks(), *_tests(arguments)]
    print("\nscript/test")
    for outcome in outcomes:
        print(f"  {outcome.word:<8} {outcome.name:<28} {outcome.note}")
    return 1 if any(outcome.passed is False for outcome in outcomes) else 0


def _prepare() -> list[Outcome]:
    """What is missing is installed with CI=true; elsewhere it is said, and what needs it is not run."""
    missing = [
        name for name, present in (("chromium", chromium.find()), ("msgfmt", shutil.which("msgfmt"))) if not present
    ]
    packages = [package for name in missing for package in _PACKAGES[name]]
    if not packages:
        return []
    if CI:
        return [_install(packages)]
    how = f"what needs it was skipped; get it: apt-get install --no-install-recommends {' '.join(packages)}"
    return [Outcome(", ".join(missing), None, how)]


def _install(packages: list[str]) -> Outcome:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    commands = [["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]]
    try:
        for command in commands:
            subprocess.run(command, check=True, env=environment)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as exc:
        return Outcome("install", False, f"{' '.join(packages)}: {exc}")
    return Outcome("install", True, " ".join(packages))


def _static_checks() -> list[Outcome]:
    templates = [str(path) for path in sorted(Path("templates").rglob("*.html"))]
    manage = [sys.executable, "manage.py"]
    with tempfile.TemporaryDirectory(prefix="portal-checks-") as var:
        production = processes.environment(Path(var), **processes.PRODUCTION)
        return [
            _run("lint", [_BIN / "ruff", "check"]),
            _run("format", [_BIN / "ruff", "format", "--check"]),
            _run("imports", [_BIN / "lint-imports"]),
            _run("templates", [_BIN / "djade", "--check", "--target-version", "5.2", *templates]),
            _run("settings", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production),
            _run("migrations", [*manage, "makemigrations", "--check", "--dry-run"], production),
        ]


def _tests(arguments: list[str]) -> list[Outcome]:
    """Everything on SQLite; what touches the database once more on PostgreSQL with Redis."""
    workers = max(2, min(os.cpu_count() or 2, _MOST_WORKERS))
    pytest = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "loadfile", *arguments]
    outcomes = [_run("tests on SQLite", pytest)]
    with ExitStack() as stack:
        try:
            urls = {
                "TEST_DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or stack.enter_context(servers.postgres()),
                "TEST_REDIS_URL": os.environ.get("TEST_REDIS_URL") or stack.enter_context(servers.redis()),
            }
        except (servers.Missing, OSError, subprocess.CalledProcessError) as exc:
            return [*outcomes, Outcome("tests on PostgreSQL, Redis", False if CI else None, str(exc))]
        lane = [*pytest, "-m", "database and not browser"]
        return [*outcomes, _run("tests on PostgreSQL, Redis", lane, os.environ | urls)]


def _run(name: str, command: list, environment: dict | None = None) -> Outcome:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    status = subprocess.run([str(part) for part in command], env=environment).returncode  # noqa: S603
    return Outcome(name, status in (0, _NO_TESTS), f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
