from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quotes.models import SyncJob
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
            watch.wake_all()
        now = timezone.now()
        self._run("baskets", lambda tally: watch.due_baskets(connect(), tally, before=now, most=None))

    def _run(self, name, work):
        """One run after another until the work is done; what the worker does at this moment is left to it."""
        while tally := jobs.run(name, 0, work, force=True):
            job = SyncJob.objects.get(name=name)
            if job.error:
                raise CommandError(f"{name}: {job.error}")
            self.stdout.write(f"{name}: {tally.seen} seen, {tally.changed} changed, {tally.rejected} rejected")
            if not tally.is_cut:
                return
        self.stdout.write(f"{name}: another run is at work")
