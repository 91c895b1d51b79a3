from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from quotes.models import AuditHead, Event, append_only
from quotes.models.events import broken_links


class Command(BaseCommand):
    help = (
        "Walk the chain of the history; ends non-zero when a row was changed, put in between or removed. "
        "Keep the head that it prints in another place: --head proves later that the history still holds it."
    )

    def add_arguments(self, parser):
        parser.add_argument("--head", help="the head printed by an earlier run; ends non-zero when it is gone")

    def handle(self, *args, head=None, **options):
        broken = list(broken_links())
        if broken:
            raise CommandError(f"the history does not hold, first at event {broken[0]} ({len(broken)} in all)")
        if head and not Event.objects.filter(hash=head).exists():
            raise CommandError("the history does not hold the head of that earlier run any more")
        if lacking := append_only.lacking(connection):
            raise CommandError(f"the history is not guarded: {', '.join(lacking)}; `manage.py migrate` puts it back")
        newest = AuditHead.objects.get(pk=1)
        self.stdout.write(f"{newest.count} events, unbroken, head {newest.hash}")
