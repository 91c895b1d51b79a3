"""A spreadsheet of 1,000 rows with 7 bad ones against the sandbox, the worker killed half-way, the file uploaded twice.

`--rows 200` for a shorter run. It ends with status 1 when a mistake was not told before the first write, or when a line
was created twice or not at all.
"""

import argparse
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from bench import _database

BAD = 7


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench imports")
    parser.add_argument("--rows", type=int, default=1000)
    rows = parser.parse_args().rows
    _database.set_up()
    with _sandbox() as sandbox:
        sys.exit(_measure(sandbox, rows))


@contextmanager
def _sandbox():
    from django.conf import settings

    from tests.cast import point_at
    from tests.sandbox_server import SandboxServer

    settings.ALLOWED_HOSTS = ["testserver"]
    with tempfile.TemporaryDirectory(prefix="portal-bench-sandbox-") as folder:
        sandbox = SandboxServer(Path(folder), username="portal", password="canary-password").start()
        point_at(settings, sandbox.url)
        settings.COVAGE_TOTAL_TIMEOUT = 20
        try:
            yield sandbox
        finally:
            sandbox.stop()


def _measure(sandbox, rows: int) -> int:
    from tests.faults import sheets

    client, basket = _person(), _basket()
    data, bad = sheets.a_sheet(rows, BAD)
    step = _Steps()
    batch, page = step("upload, columns and check, pages included", lambda: sheets.checked(client, basket, data))
    told, early = sheets.rows_in_error(page) == bad, _writes(sandbox)
    step("the check page once more", lambda: client.get(f"/imports/{batch.pk}/check/"))
    step("start", lambda: client.post(f"/imports/{batch.pk}/start/"))
    step("first half, then kill -9", lambda: _killed(sandbox, basket, rows // 2))
    before = len(_names(basket))
    step("the rest, by another worker", lambda: _later(sheets.go_on))
    names = _names(basket)
    again, _page = step("the same file again: check", lambda: sheets.checked(client, basket, data))
    refused = client.post(f"/imports/{again.pk}/start/").status_code
    _later(sheets.go_on)
    facts = [
        ("bad rows told before anything was sent", len(bad) if told and not early else f"NO ({early} writes)", BAD),
        ("lines when the worker was killed", before, None),
        ("lines in the end, as the sandbox has them", len(names), rows - BAD),
        ("doubles", len(names) - len(set(names)), 0),
        ("start of the second run is refused with", refused, 422),
        ("lines after it", len(_names(basket)), rows - BAD),
    ]
    for what, found, wanted in facts:
        print(f"{what:48} {found:>8}{'' if wanted in (None, found) else f'   WANTED {wanted}'}", flush=True)
    return int(any(wanted not in (None, found) for _what, found, wanted in facts))


class _Steps:
    """Does a step and prints how long it took."""

    def __call__(self, what: str, act):
        started = time.monotonic()
        result = act()
        print(f"{what:48} {time.monotonic() - started:>7.1f}s", flush=True)
        return result


def _person():
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username="sales"))
    return client


def _basket():
    from django.contrib.auth.models import User

    from quotes.services import baskets
    from tests.cast import nonce

    actor = User.objects.get(username="sales")
    return baskets.create(actor=actor, nonce=nonce(), external_id="BENCH").basket


def _writes(sandbox) -> int:
    return sum(call["path"].endswith("/quote_item/") for call in sandbox.calls(method="POST"))


def _names(basket) -> list[str]:
    """The references of the basket's lines, as the operator has them."""
    from quotes.sync.connection import connect

    basket.refresh_from_db()
    answer = connect(within=20).get_basket(basket.remote_id)
    return [line.external_id for line in answer.lines]


def _killed(sandbox, basket, lines: int) -> None:
    """A worker that creates so many lines, then dies."""
    from quotes.models import BatchItem
    from tests.faults.victims import victims

    with victims() as processes:
        processes.url = sandbox.url
        pid = processes.start("import")
        while BatchItem.objects.filter(batch__basket=basket, state="done").count() < lines:
            time.sleep(0.02)
        processes.kill(pid)


def _later(act) -> None:
    """After the claims of the dead have lapsed."""
    import time_machine

    with time_machine.travel(time.time() + 200):
        act()
