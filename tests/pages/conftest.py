import pytest
from django.test import Client

from quotes.models import Basket
from tests.pages.browsing import fill


@pytest.fixture
def as_british(people):
    """Like `as_`, of people who read English, so that sentences can be told apart."""

    def signed_in(name: str) -> Client:
        client = Client(headers={"Accept-Language": "en-gb"})
        client.force_login(people[name])
        return client

    return signed_in


@pytest.fixture
def reader(as_british):
    """Who may read everything, in English."""
    return as_british("auditor")


@pytest.fixture
def basket(operator, as_):
    """Made with the form, by a sales person."""
    response = fill(as_("sales"), "/baskets/new/", external_id="EXT123", project_id="FLASH")
    return Basket.objects.get(pk=response["Location"].split("/")[2])
