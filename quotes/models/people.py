"""What a person is called and prefers."""

from django.conf import settings
from django.db import models

PAGE_SIZES = (25, 50, 100)  # rows of a list; the usual one first


def name_of(person) -> str:
    return person.get_full_name() or person.get_username()


class Preference(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=10, blank=True, default="")  # "" follows the system
    density = models.CharField(max_length=10, blank=True, default="")  # "compact": lower rows
    page_size = models.PositiveIntegerField(default=PAGE_SIZES[0])
    single_keys = models.BooleanField(default=True)
    columns = models.JSONField(default=dict)  # noun of a list to the names of its columns
    notices = models.JSONField(default=dict)  # kind of notice to its channels ("page", "mail"); absent: the default
    digest = models.BooleanField(default=False)  # one mail a day instead of one for each notice

    def __str__(self):
        return str(self.user)
