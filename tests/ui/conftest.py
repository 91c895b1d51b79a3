import pytest

from tests.ui import pages


@pytest.fixture(scope="session")
def specimen_url():
    server = pages.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def asked():
    """What the page asked the server for since it was opened."""
    return pages.asked
