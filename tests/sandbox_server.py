"""The sandbox as a test meets it: started as its own process, commanded over HTTP like everything else."""

import subprocess
import sys
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent


class SandboxServer:
    """`python -m sandbox` on a free port of 127.0.0.1.

    Options are those of the command line (`quote_delay=0, token_lifetime=300, size=0, …`). A second `start` serves the
    same storage on the same port. Control helpers raise `requests.HTTPError` when the desk refuses.
    """

    def __init__(self, storage: Path, port: int = 0, username: str = "sandbox", password: str = "sandbox", **options):
        self.storage, self.port = Path(storage), port
        self.username, self.password = username, password
        self.options = {"size": 0, "quote_delay": 0, "export_delay": 0} | options
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token_url(self) -> str:
        return f"{self.url}/auth/realms/covage/protocol/openid-connect/token"

    @property
    def log(self) -> Path:
        return self.storage / "sandbox.log"

    def start(self) -> "SandboxServer":
        """Returns once the server answers. Raises RuntimeError with its log when it does not start."""
        self.storage.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command(), cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        ready = self.process.stdout.readline()
        if not ready.startswith("Sandbox ready"):
            raise RuntimeError(f"the sandbox did not start: {self.log.read_text()}")
        self.port = int(ready.split("127.0.0.1:")[1].split()[0])
        return self

    def stop(self) -> int:
        """Ask it to end, as a supervisor does; its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code

    def kill(self) -> None:
        """End it without warning. The worker notices within a second or two and frees the port."""
        self.process.kill()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def token(self) -> dict:
        """A fresh answer of the token endpoint, by the password grant."""
        form = {"client_id": "api-client", "username": self.username, "password": self.password}
        answer = requests.post(self.token_url, data={"grant_type": "password", **form}, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def reset(self, size: int | str = 0) -> dict:
        """Empty (or refilled) storage, real clock, no faults. Tokens stay valid."""
        return self.command("reset/", size=size)

    def move_clock(self, seconds: float) -> dict:
        return self.command("clock/", shift=seconds)

    def set_clock(self, **order) -> dict:
        """`factor`, `shift` (seconds), `real` (back to the real time)."""
        return self.command("clock/", **order)

    def set_latency(self, seconds: float) -> dict:
        return self.command("latency/", seconds=seconds)

    def set_delays(self, **seconds) -> dict:
        """`quote`: until the first price of what is confirmed from now on; `export`: until an export ends."""
        return self.command("delays/", **seconds)

    def set_fate(self, line_id: str, fate: str) -> dict:
        """priced, short (three days), expiring (sixty seconds), unable, silent; empty: by the rules."""
        return self.command(f"lines/{line_id}/fate/", fate=fate)

    def price(self, line_id: str, fate: str = "") -> dict:
        """Answer a confirmed line now."""
        return self.command(f"lines/{line_id}/price/", fate=fate)

    def expire(self, line_id: str) -> dict:
        return self.command(f"lines/{line_id}/expire/")

    def fault(self, path: str, status: int | None = None, **order) -> dict:
        """The next `times` calls of `method` and `path` (may hold `*`) answer `status`, `after` doing it or before.

        0 cuts the connection, None only waits; `delay`, `headers`, `body` as wanted.
        """
        return self.command("faults/", path=path, status=status, **order)

    def clear_faults(self) -> None:
        requests.delete(f"{self.url}/sandbox/faults/", timeout=20).raise_for_status()

    def revoke_tokens(self) -> dict:
        return self.command("tokens/revoke/")

    def fail_export(self, task_id: str) -> dict:
        return self.command(f"exports/{task_id}/fail/")

    def calls(self, **query) -> list[dict]:
        """The request log, oldest first; `method`, `path` (may hold `*`) and `since` (an id) narrow it."""
        return self._get("requests.json", query)["requests"]

    def orders(self) -> list[dict]:
        return self._get("orders.json")["orders"]

    def status(self) -> dict:
        return self._get("status.json")

    def command(self, path: str, /, **order) -> dict:
        answer = requests.post(f"{self.url}/sandbox/{path}", json=order, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def _get(self, path: str, query: dict | None = None) -> dict:
        answer = requests.get(f"{self.url}/sandbox/{path}", params=query, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def _command(self) -> list[str]:
        options = {"port": self.port, "storage": self.storage, "username": self.username, "password": self.password}
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in (options | self.options).items()]
        return [sys.executable, "-m", "sandbox", *flags]
