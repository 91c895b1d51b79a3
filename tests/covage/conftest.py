import pytest

from quotes.covage import Config, CovageClient
from tests.wire import Wire

PASSWORD = "correct-horse-canary"


@pytest.fixture
def wire():
    with Wire() as wire:
        yield wire


@pytest.fixture
def config_for(wire):
    """Values for a client of the scripted operator; patient unless told otherwise."""

    def config(**values) -> Config:
        addresses = {"api_url": wire.url, "token_url": wire.token_url}
        account = {"client_id": "api-client", "username": "portal", "password": PASSWORD}
        return Config(**{**addresses, **account, **values})

    return config


@pytest.fixture
def client_for(config_for):
    made = []

    def client(*, tokens=None, gate=None, within=None, urgent=False, request_id=None, **values) -> CovageClient:
        made.append(
            CovageClient(
                config_for(**values), tokens=tokens, gate=gate, within=within, urgent=urgent, request_id=request_id
            )
        )
        return made[-1]

    yield client
    for client_made in made:
        client_made.close()


@pytest.fixture
def client(client_for):
    return client_for()
