from django.core.management.base import BaseCommand

from quotes.sync import discover, jobs, reference, watch
from quotes.sync.connection import connect


class Command(BaseCommand):
    help = "Read from the operator now: new baskets and what is due; with --full everything."

    def add_arguments(self, parser):
        parser.add_argument("--full", action="store_true", help="walk all lists and read every open basket")

    def handle(self, *args, full=False, **options):
        self._run("all_baskets" if full else "new_baskets", lambda tally: discover.baskets(connect(), tally, full=full))
        if full:
            self._run("lines", lambda tally: discover.lines(connect(), tally))
            self._run("projects", lambda tally: reference.projects(connect(), tally))
        self._run("baskets", lambda tally: watch.all_due(connect(), tally))

    def _run(self, name, work):
        if not jobs.run(name, 0, work, force=True):
            self.stdout.write(f"{name}: another run is at work")
            return
        job = jobs.SyncJob.objects.get(name=name)
        self.stdout.write(
            f"{name}: {job.seen} seen, {job.changed} changed, {job.rejected} rejected {job.error}".rstrip()
        )
