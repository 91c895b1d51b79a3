"""Which processes `script/run` starts: only what the environment does not name already."""

import pytest

from covage_portal import env
from covage_portal.embedded import plan


@pytest.fixture(autouse=True)
def var(settings, tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    settings.PORTAL_VAR = tmp_path
    settings.BROKER_SOCKET = env.broker_socket(tmp_path)
    settings.REDIS_URL = ""
    monkeypatch.delenv("COVAGE_API_URL")


def names(programs):
    return [program.name for program in programs]


def test_on_its_own_the_portal_brings_a_broker_and_a_sandbox():
    assert names(plan.services()) == ["broker", "sandbox"]
    assert names(plan.portal()) == ["web", "worker", "beat"]


def test_a_given_redis_replaces_the_broker(settings):
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    assert names(plan.services()) == ["sandbox"]


def test_beside_a_real_operator_there_is_no_sandbox(monkeypatch):
    monkeypatch.setenv("COVAGE_API_URL", "https://api.example.org")
    assert names(plan.services()) == ["broker"]


def test_other_commands_find_the_sandbox_where_it_listens(settings):
    sandbox = plan.services()[1].command
    assert env.sandbox_address(settings.PORTAL_VAR, 1).endswith(f":{sandbox[sandbox.index('--port') + 1]}")


def test_the_broker_has_no_port_and_a_socket_for_this_account_only():
    broker = " ".join(plan.services()[0].command)
    assert "--port 0 " in broker
    assert "--unixsocketperm 700" in broker
