"""Processes to be killed: `python -m tests.faults.victim` forks one for each job that it reads.

A job is a line of JSON, {"do": name, "url": operator, "at": crash point, …}; a child does it as the request of a person
or the worker would, and the parent prints its pid. {"wait": pid} prints its exit status, negative for a signal.
"""

import json
import os
import resource
import signal
import sys
import time
import traceback

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402

from quotes import tasks  # noqa: E402
from quotes.models import Basket, Line  # noqa: E402
from quotes.services import batches, crashing, reconciler  # noqa: E402
from tests.cast import point_at  # noqa: E402
from tests.faults import sheets, stage  # noqa: E402


def work() -> None:
    """A worker, until it is killed."""
    while True:
        reconciler.sweep()
        time.sleep(0.05)


def import_lines() -> None:
    """The worker at an import, until it is killed or done."""
    batches.run_due(sheets.Tally())


WORKER = {"sweep": reconciler.sweep, "task": tasks.sweep_commands, "work": work, "import": import_lines}


def act(job: dict) -> None:
    crashing.AT = job.get("at", "")
    if "largest_file" in job:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest_file"],) * 2)
    if job["do"] in WORKER:
        return WORKER[job["do"]]()
    actor = User.objects.get(username=job["actor"])
    target = [model.objects.get(pk=job[name]) for name, model in (("basket", Basket), ("line", Line)) if name in job]
    getattr(stage, job["do"])(*target, actor, **job.get("with", {}), form=job["form"])


def _child(job: dict) -> None:
    (stage.hurry if job.get("hurries") else point_at)(settings, job["url"])
    act(job)


def _fork(job: dict) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _child(job)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def main() -> None:
    for line in sys.stdin:
        job = json.loads(line)
        answer = os.waitstatus_to_exitcode(os.waitpid(job["wait"], 0)[1]) if "wait" in job else _fork(job)
        print(answer, flush=True)


if __name__ == "__main__":
    main()
