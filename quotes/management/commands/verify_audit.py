from django.core.management.base import BaseCommand, CommandError

from quotes.models import Event
from quotes.models.events import broken_links


class Command(BaseCommand):
    help = "Walk the chain of the history; ends non-zero when a row was changed, put in between or removed."

    def handle(self, *args, **options):
        broken = list(broken_links())
        if broken:
            raise CommandError(f"the history does not hold, first at event {broken[0]} ({len(broken)} in all)")
        self.stdout.write(f"{Event.objects.count()} events, unbroken")
