"""Start the portal's own programs with an environment of our choice."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "a key of production is long and random: 0123456789 abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portal.example.org",
    "COVAGE_API_URL": "https://api.example.org",
    "COVAGE_USERNAME": "portal",
    "COVAGE_PASSWORD": "correct-horse-canary",
}
_OURS = ("COVAGE_", "SYNC_", "PORTAL_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DJANGO_")


def environment(var: Path, **variables: str) -> dict:
    """That of the machine, without what the tests themselves run with."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return outside | {"PORTAL_ENV_FILE": str(var / "none"), "PORTAL_VAR": str(var)} | variables


def manage(var: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment(var, **variables), capture_output=True, text=True)
