import time

from django.conf import settings
from django.core.management.base import BaseCommand

from quotes.services import reconciler


class Command(BaseCommand):
    help = "Send recorded commands and read uncertain ones: the worker's sweep without Celery or Redis."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="one sweep, then end")

    def handle(self, *args, once=False, **options):
        while True:
            moved = reconciler.sweep()
            self.stdout.write(f"{moved} moved")
            if once:
                return
            time.sleep(settings.SYNC["command"])
