"""Orders and other writes under faults, kills and races, counted by the operator's own ledger.

`script/bench faults` tries 3,000 accepts whose answer goes wrong, 300 kills and 500 races, on SQLite and on PostgreSQL.
`script/bench faults --minutes 10 --seed 7` lets four people, faults, kills and clock jumps loose for ten minutes.
It ends with status 1 when an invariant of docs/faults.md does not hold.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial


def main() -> None:
    options = _options()
    engines = [options.database] if options.database else ["sqlite", "postgresql"]
    statuses = [_run(engine, sys.argv[1:]) for engine in engines]
    if any(statuses):
        sys.exit(1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench faults")
    parser.add_argument("--seed", default=str(int(time.time())))
    parser.add_argument("--minutes", type=float, default=0, help="everything at once, for so long")
    parser.add_argument("--accepts", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--races", type=int, default=500)
    parser.add_argument("--limit", type=float, default=120, help="minutes, after which each part tries nothing new")
    parser.add_argument("--patience", type=float, default=1, help="times the timeouts, on a busy machine")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="one of them only")
    return parser.parse_args()


def _run(engine: str, arguments: list[str]) -> int:
    """In a process of its own: the settings are read once."""
    from script import servers

    with ExitStack() as stack:
        url = ""
        if engine == "postgresql":
            try:
                url = stack.enter_context(servers.postgres())
            except (servers.Missing, OSError, subprocess.CalledProcessError) as error:
                print(f"NOT RUN on PostgreSQL: {error}")
                return 0
        environment = os.environ | {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        log = stack.enter_context(
            tempfile.NamedTemporaryFile("w+", prefix="portal-faults-", suffix=".log", delete=False)
        )
        command = [sys.executable, "-m", "bench.faults", *arguments]
        status = subprocess.run(command, env=environment | {"FAULTS_ENGINE": engine}, stderr=log).returncode
        if status:
            print(f"The log of the run: {log.name}")
        return status


def _measure() -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("create_demo_accounts", verbosity=0)
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from tests.faults import stage
    from tests.faults.victims import victims
    from tests.operator import Operator, Shapes

    settings.ALLOWED_HOSTS = ["testserver"]
    options = _options()
    people = {user.username: user for user in User.objects.all()}
    browser = Client()
    browser.force_login(people["auditor"])
    with Operator(Shapes(page_size=100)) as operator, victims() as processes:
        stage.hurry(settings, operator.url, options.patience)
        play = _nemesis if options.minutes else _trials
        return play(options, operator, people, browser, processes)


def _trials(options, operator, people, browser, processes) -> int:
    from tests.faults import pairs, trials

    parts = {"accepts": trials.accepts, "kills": trials.kills, "races": pairs.races}
    more = {"kills": {"processes": processes}}
    return max(
        _part(name, partial(play, operator, people, **more.get(name, {})), options, operator, browser)
        for name, play in parts.items()
    )


def _part(name, play, options, operator, browser) -> int:
    from tests.faults.invariants import broken

    started = time.monotonic()
    until = started + options.limit * 60
    endings = play(count=getattr(options, name), seed=options.seed, until=until)
    _print(f"{endings.pop('tried', 0)} {name}", options, time.monotonic() - started, endings, operator)
    return _judge(broken(operator, browser))


def _nemesis(options, operator, people, browser, processes) -> int:
    from tests.faults.nemesis import Nemesis

    started = time.monotonic()
    nemesis = Nemesis(operator, people, processes, options.seed)
    nemesis.run(options.minutes * 60)
    _print(f"nemesis of {options.minutes:g} minutes", options, time.monotonic() - started, nemesis.counts, operator)
    return _judge(nemesis.verdict(browser))


def _print(title, options, seconds, endings, operator) -> None:
    from tests.faults.trials import totals

    print(f"\n{title}, {os.environ['FAULTS_ENGINE']}, seed {options.seed}, {seconds:.0f} s")
    for what, count in sorted(endings.items()):
        print(f"  {count:>6}  {what}")
    print("  so far in the journal and in the operator's ledger:")
    for what, count in totals(operator).items():
        print(f"  {count:>6}  {what}")


def _judge(found: list[str]) -> int:
    print("  invariants I1-I10: " + ("hold" if not found else f"{len(found)} BROKEN"), flush=True)
    for line in found[:20]:
        print(f"    {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(_measure())
