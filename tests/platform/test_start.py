"""What a process says about its environment when it starts."""

import re

from covage_portal import env
from tests.platform.processes import PRODUCTION, ROOT, manage


def test_production_settings_pass_the_deployment_check(tmp_path):
    check = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout


def test_the_deployment_check_names_everything_that_does_not_fit(tmp_path):
    wrong = {
        "PORTAL_EMBEDDED": "1",
        "COVAGE_API_URL": "http://api.example.org",
        "COVAGE_PASSWORD": "",
        "COVAGE_READ_TIMEOUT": "30",
        "SYNC_SPED": "2",
    }
    check = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION | wrong)
    assert check.returncode == 1
    assert set(re.findall(r"quotes\.W00\d", check.stderr)) == {f"quotes.W00{number}" for number in range(1, 6)}
    assert "SYNC_SPED" in check.stderr


def test_a_wrong_value_ends_the_start_and_names_the_variable(tmp_path):
    check = manage(tmp_path, "check", COVAGE_TOTAL_TIMEOUT="0")
    assert check.returncode != 0
    assert "COVAGE_TOTAL_TIMEOUT: expected a decimal number of seconds from 0.1 to 600" in check.stderr


def test_with_no_environment_at_all_the_portal_starts_on_sqlite(tmp_path):
    assert manage(tmp_path, "migrate", "--verbosity", "0").returncode == 0
    assert (tmp_path / "portal.sqlite3").exists()
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_speed_divides_every_time_of_the_portal(tmp_path):
    command = "from django.conf import settings; print(settings.SYNC, settings.COVAGE_TOTAL_TIMEOUT)"
    shell = manage(tmp_path, "shell", "--no-imports", "-c", command, SYNC_SPEED="10", SYNC_HOT_SECONDS="5")
    assert "'hot': 0.5" in shell.stdout
    assert "'gone': 60.0" in shell.stdout
    assert shell.stdout.strip().endswith("20.0")


def test_the_example_names_exactly_the_variables_that_are_read():
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == env.KNOWN - {"PORTAL_ENV_FILE", "PORTAL_CRASH_AT"}  # where the file is; for fault tests only
