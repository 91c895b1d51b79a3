import pytest

from tests.sandbox.operator_api import OperatorApi
from tests.sandbox_server import SandboxServer


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory):
    """One process for the whole run. Prices come at once; every test begins with an empty storage."""
    server = SandboxServer(tmp_path_factory.mktemp("sandbox")).start()
    yield server
    server.stop()


@pytest.fixture
def desk(sandbox_server):
    sandbox_server.reset()
    return sandbox_server


@pytest.fixture
def api(desk):
    return OperatorApi(desk)


@pytest.fixture
def started(tmp_path):
    """Start a sandbox of one's own, with any options; ended afterwards."""
    servers = []

    def start(**options) -> SandboxServer:
        servers.append(SandboxServer(tmp_path / "own", **options).start())
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()
