"""A database of its own for a benchmark: SQLite in a temporary folder, filled the only way in, through the store."""

import atexit
import os
import shutil
import tempfile


def set_up() -> None:
    """Django with its tables and the people of the demo, away from every other database; once for all programs."""
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        return
    folder = tempfile.mkdtemp(prefix="portal-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "PORTAL_VAR": folder, "TEST_DATABASE_URL": ""}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("create_demo_accounts", verbosity=0)


def answer_of_a_line(number: int, state: str = "ready") -> dict:
    """A line as the operator's detail answer gives it."""
    offers = [
        {"product_id": str(2170 + n), "name": f"FTTO {n}", "state": "ready", "monthly_fee": "189.90", "fas": "950.00",
         "commitment": 36, "currency": "EUR"}
        for n in range(3)
    ]  # fmt: skip
    return {
        "id": f"line-{number}",
        "quote_id": f"basket-{number // 5}",
        "end_customer_name": f"Client {number % 997}",
        "external_id": f"EXT-{number}",
        "project_id": f"P{number % 40}",
        "state": state,
        "reference": f"QO_20260423_{number:08}",
        "creation_date": "2026-04-23T10:00:00+02:00",
        "validity_date": "2027-04-23T10:00:00+02:00",
        "note": "n" * 200,
        "prices": offers,
    }
