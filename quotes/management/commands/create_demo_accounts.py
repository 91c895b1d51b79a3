"""The six people of the demo, one or two for each role."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand
from django.db import transaction

from covage_portal import env

# login: (group, first name, last name)
PEOPLE = {
    "sales": ("sales", "Camille", "Moreau"),
    "sales2": ("sales", "Julien", "Lefèvre"),
    "manager": ("manager", "Nathalie", "Garnier"),
    "manager2": ("manager", "Thomas", "Rousseau"),
    "auditor": ("auditor", "Sophie", "Mercier"),
    "admin": ("admin", "Antoine", "Dubois"),
}


def demo_password() -> str:
    """PORTAL_DEMO_PASSWORD, or one made once and kept below PORTAL_VAR."""
    return settings.PORTAL_DEMO_PASSWORD or env.kept_secret(settings.PORTAL_VAR / "demo_password", size=12)


class Command(BaseCommand):
    help = "Create the groups and the demo accounts, or bring them back to how they were."

    @transaction.atomic
    def handle(self, *args, **options):
        for login, (group, first_name, last_name) in PEOPLE.items():
            user, _ = User.objects.update_or_create(
                username=login, defaults={"first_name": first_name, "last_name": last_name, "is_active": True}
            )
            user.groups.set([Group.objects.get_or_create(name=group)[0]])
            _give_password(user)
        if options["verbosity"]:
            self.stdout.write(f"{', '.join(PEOPLE)}: password {demo_password()}")


def _give_password(user) -> None:
    """Only when it is another one: setting it would end everybody's sessions at each start."""
    if not user.check_password(demo_password()):
        user.set_password(demo_password())
        user.save(update_fields=["password"])
