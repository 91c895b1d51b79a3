"""The people and the operator that tests play with."""

import uuid

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import translation

from tests.operator import Operator, Shapes

ROLES = {
    "sales": "sales",
    "sales2": "sales",
    "manager": "manager",
    "manager2": "manager",
    "auditor": "auditor",
    "admin": "admin",
}
QUALIFICATION = "123e4567-e89b-12d3-a456-426614174001"
COMPLETE = {
    "product_offering_qualification_item_id": QUALIFICATION,
    "end_customer_name": "Boulangerie Ar Men",
    "site_connection_type": "fibre",
    "product_offerings": ["2173"],
}


@pytest.fixture
def british():
    """What is drawn without a request speaks English, so that sentences can be told apart."""
    with translation.override("en-gb"):
        yield


def nonce() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def people(db) -> dict[str, User]:
    """In few queries: half of all tests begin with them."""
    made = [User(username=name, first_name=name.capitalize(), last_name="Le Goff") for name in ROLES]
    Group.objects.bulk_create([Group(name=role) for role in set(ROLES.values())], ignore_conflicts=True)
    groups = Group.objects.in_bulk(field_name="name")
    members = User.groups.through
    found = {user.username: user for user in User.objects.bulk_create(made)}
    members.objects.bulk_create(members(user=user, group=groups[ROLES[name]]) for name, user in found.items())
    return found


@pytest.fixture
def sales(people):
    return people["sales"]


@pytest.fixture
def manager(people):
    return people["manager"]


@pytest.fixture
def as_(people):
    """`as_("manager")`: a browser of that person."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return signed_in


@pytest.fixture
def operator(request, settings):
    """An operator over real HTTP; `@pytest.mark.parametrize("operator", [Shapes(...)], indirect=True)` for others."""
    with Operator(getattr(request, "param", None) or Shapes()) as running:
        point_at(settings, running.url)
        yield running


def point_at(settings, url: str) -> None:
    settings.COVAGE_API_URL = url
    settings.COVAGE_TOKEN_URL = f"{url}/auth/realms/covage/protocol/openid-connect/token"
    settings.COVAGE_USERNAME, settings.COVAGE_PASSWORD = "portal", "canary-password"
    settings.COVAGE_REQUESTS_PER_SECOND = 1000
    settings.COVAGE_CONNECT_TIMEOUT, settings.COVAGE_READ_TIMEOUT, settings.COVAGE_TOTAL_TIMEOUT = 2, 1.5, 4
    settings.SYNC = {name: seconds / 1000 for name, seconds in settings.SYNC.items()}
    settings.SYNC |= {"quiet": 0, "quiet_accept": 0}
    settings.SYNC["accept"] = 120  # or slow machines would let every accept expire
    settings.SYNC_SPEED = 1000


@pytest.fixture
def real_times(operator, settings):
    """The portal's own times as they are outside the tests; `time_machine` moves the clock."""
    from covage_portal.settings import SYNC

    settings.SYNC, settings.SYNC_SPEED = dict(SYNC), 1
    return settings.SYNC
