"""The sandbox as a process: it starts, keeps what it knows, serves many at once, ends when told."""

import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandbox.operator_api import OperatorApi, kmz, line_path
from tests.sandbox_server import ROOT, SandboxServer


def test_a_restart_keeps_everything(started):
    server = started(quote_delay=3600)
    api = OperatorApi(server)
    basket, line = api.draft()
    api.upload(line_path(basket, line), kmz("kept"))
    api.patch(f"quote/{basket['id']}/confirm/")
    server.move_clock(600)
    before = api.detail(line), server.status()["now"][:13]
    assert server.stop() == 0
    server.start()
    assert (api.detail(line), server.status()["now"][:13]) == before
    assert api.get(f"{line_path(basket, line)}trace/download/").content == kmz("kept")
    server.move_clock(3600)
    assert api.detail(line)["state"] == "ready"


def test_what_was_answered_survives_a_sudden_end(started):
    server = started()
    api = OperatorApi(server)
    basket = api.basket(external_id="E1")
    server.kill()
    server.start()
    assert api.get("quote/").json()["results"] == [basket]


def test_only_a_new_storage_is_filled(started):
    server = started(size=2)
    assert server.status()["baskets"] == 2
    server.stop()
    server.options["size"] = 5
    server.start()
    assert server.status()["baskets"] == 2


def test_an_emptied_storage_stays_empty(started):
    server = started(size=2)
    server.reset(0)
    server.stop()
    server.start()
    assert server.status()["baskets"] == 0


def test_many_writers_at_once_lose_nothing(api):
    basket = api.basket()
    with ThreadPoolExecutor(8) as pool:
        lines = list(pool.map(lambda n: api.line(basket, note=str(n)), range(40)))
    assert len({line["reference"] for line in lines}) == 40
    assert len(api.get(f"quote/{basket['id']}/").json()["quote_item"]) == 40


def test_a_connection_serves_many_calls(desk):
    api = OperatorApi(desk)
    with api.get("quote/", page_size=1) as first:
        assert first.headers.get("Connection", "").lower() != "close"
    assert all(api.get("quote/").status_code == 200 for _ in range(20))


def test_it_listens_on_loopback_only(desk):
    """Not at the machine's other addresses, and at one of its loopback addresses only: who listens to all answers there
    too, even on a machine without a network."""
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    assert {address: _answers(address, desk.port) for address in {"127.0.0.1", "127.0.0.2", *others}} == {
        "127.0.0.1": True,
        "127.0.0.2": False,
        **dict.fromkeys(others, False),
    }


def _answers(address: str, port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((address, port)) == 0


def test_the_portals_environment_changes_nothing(tmp_path, monkeypatch):
    for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "SECRET_KEY", "DEBUG", "PORTAL_VAR", "COVAGE_USERNAME"):
        monkeypatch.setenv(name, "nonsense")
    server = SandboxServer(tmp_path / "own").start()
    try:
        assert OperatorApi(server).get("quote/").status_code == 200
    finally:
        server.stop()


@pytest.mark.parametrize("flags", ["--size=enormous", "--size=-1", "--quote-delay=soon", "--page-links=sometimes"])
def test_a_wrong_option_is_refused_by_name(flags):
    command = [sys.executable, "-m", "sandbox", flags]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env=dict(os.environ))
    assert ended.returncode == 2
    assert flags.split("=")[0] in ended.stderr
