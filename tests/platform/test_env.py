import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from covage_portal import env


@pytest.fixture
def variables(monkeypatch):
    def put(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize("value", ["0", "0.05", "601", "-1", "1,5", "nan", "inf", "1e2", "ten", "１", "1_0"])
def test_a_wrong_number_of_seconds_is_refused_by_name(variables, value):
    variables(COVAGE_READ_TIMEOUT=value)
    with pytest.raises(ImproperlyConfigured, match="COVAGE_READ_TIMEOUT: expected a decimal number of seconds"):
        env.decimal("COVAGE_READ_TIMEOUT", "10", lowest="0.1", highest="600", unit=" of seconds")


@pytest.mark.parametrize(("value", "number"), [("0.1", 0.1), ("600", 600), (" 2.5 ", 2.5), ("", 10)])
def test_a_number_within_its_limits_is_taken_and_blank_means_the_default(variables, value, number):
    variables(COVAGE_READ_TIMEOUT=value)
    assert env.decimal("COVAGE_READ_TIMEOUT", "10", lowest="0.1", highest="600") == number


def test_nothing_is_no_speed(variables):
    variables(SYNC_SPEED="0.0")
    with pytest.raises(ImproperlyConfigured, match="SYNC_SPEED: expected a decimal number above 0"):
        env.decimal("SYNC_SPEED", "1", highest="1000")


@pytest.mark.parametrize("value", ["0", "65536", "80a", "8.0", "-1"])
def test_a_wrong_port_is_refused_by_name(variables, value):
    variables(PORT=value)
    with pytest.raises(ImproperlyConfigured, match="PORT: expected a whole number from 1 to 65535"):
        env.integer("PORT", 8000, lowest=1, highest=65535)


def test_a_flag_is_one_or_nought_and_nothing_else(variables):
    variables(DEBUG="1", SECURE_PROXY="off", PORTAL_SALES_MAY_DECLINE="perhaps")
    assert env.flag("DEBUG", False) and not env.flag("SECURE_PROXY", True)
    with pytest.raises(ImproperlyConfigured, match="PORTAL_SALES_MAY_DECLINE: expected 1 or 0"):
        env.flag("PORTAL_SALES_MAY_DECLINE", False)


@pytest.mark.parametrize(
    "value",
    [
        "api.example.org",
        "ftp://api.example.org",
        "https://",
        "https://u:pw@h",
        "https://h?a=1",
        "https://h:port",
        "https://h/path",
    ],
)
def test_an_origin_has_a_host_and_nothing_more(variables, value):
    variables(COVAGE_API_URL=value)
    with pytest.raises(ImproperlyConfigured, match="COVAGE_API_URL: expected an address like") as refusal:
        env.url("COVAGE_API_URL", "http://127.0.0.1:1", origin=True)
    assert "pw" not in str(refusal.value)


def test_a_slash_after_the_origin_is_no_path(variables):
    variables(COVAGE_API_URL="https://api.example.org/")
    assert env.url("COVAGE_API_URL", "", origin=True) == "https://api.example.org"


@pytest.mark.parametrize("value", ["mysql://u:pw@h/n", "postgres://h", "postgres://u:pw@h:port/n", "portal.sqlite3"])
def test_another_database_is_refused_without_showing_its_password(variables, tmp_path, value):
    variables(DATABASE_URL=value)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: expected postgres://") as refusal:
        env.database("DATABASE_URL", tmp_path / "default", base=tmp_path)
    assert "pw" not in str(refusal.value)


def test_a_relative_database_file_lies_in_the_checkout(variables, tmp_path):
    variables(DATABASE_URL="sqlite:///data/portal.sqlite3")
    config = env.database("DATABASE_URL", tmp_path / "default", base=tmp_path)
    assert config["NAME"] == tmp_path / "data" / "portal.sqlite3"


def test_a_secret_may_lie_in_a_file(variables, tmp_path):
    (tmp_path / "password").write_text("from the file\n")
    variables(COVAGE_PASSWORD_FILE=str(tmp_path / "password"))
    os.environ.pop("COVAGE_PASSWORD", None)
    assert env.secret("COVAGE_PASSWORD") == "from the file"


def test_a_secret_that_is_said_twice_is_refused(variables, tmp_path):
    variables(COVAGE_PASSWORD="one", COVAGE_PASSWORD_FILE=str(tmp_path / "password"))
    with pytest.raises(ImproperlyConfigured, match="COVAGE_PASSWORD and COVAGE_PASSWORD_FILE are both set"):
        env.secret("COVAGE_PASSWORD")


def test_a_secret_file_that_is_missing_is_refused(variables, tmp_path):
    variables(COVAGE_USERNAME="", COVAGE_USERNAME_FILE=str(tmp_path / "nowhere"))
    with pytest.raises(ImproperlyConfigured, match="COVAGE_USERNAME_FILE: expected a readable text file"):
        env.secret("COVAGE_USERNAME")


def test_a_kept_secret_is_made_once_and_for_this_account_only(tmp_path):
    path = tmp_path / "new" / "secret"
    assert env.kept_secret(path) == env.kept_secret(path) != ""
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_socket_in_a_deep_folder_moves_to_a_short_one(tmp_path):
    deep = tmp_path / ("x" * 100)
    assert env.broker_socket(tmp_path / "var") == tmp_path / "var" / "broker.sock"
    assert len(os.fsencode(env.broker_socket(deep))) <= 100
    assert env.broker_socket(deep) != env.broker_socket(deep / "other")


TILES = [
    "tiles.example.org/{z}/{x}/{y}.png",
    "https://tiles.example.org/{z}/{x}.png",
    "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
    "https://me:secret@tiles.example.org/{z}/{x}/{y}.png",
    "https://tiles.example.org;script-src *;/{z}/{x}/{y}.png",
    "https://tiles.example.org/{z}/{x}/{y}.png; script-src *",
    "https://tiles.example.org/{z}/{x}/{y}.png#top",
]


@pytest.mark.parametrize("value", TILES)
def test_an_address_of_tiles_is_whole_or_refused_by_name(variables, value):
    variables(PORTAL_TILE_URL=value)
    with pytest.raises(ImproperlyConfigured, match="PORTAL_TILE_URL: expected an address like") as refused:
        env.tiles("PORTAL_TILE_URL")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("value", ["", "http://127.0.0.1:9/{z}/{x}/{y}", "https://a.fr/wmts?m={z}&r={y}&c={x}&f=png"])
def test_tiles_may_come_by_path_or_query_or_not_at_all(variables, value):
    variables(PORTAL_TILE_URL=value)
    assert env.tiles("PORTAL_TILE_URL") == value
