"""The filters of what was done and what happened: commands and events."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quotes import states
from quotes.forms.filters import ListFilter, MomentFilter, TextFilter
from quotes.models import Command, Event
from quotes.services.words import KINDS, MOTIVES

SYNCHRONISATION = "synchronisation"  # stands for nobody in the filter of persons
# What an event is about, by the beginning or the end of its kind.
GROUPS = {
    "commands": (_("Actions"), {"kind__startswith": "command_"}),
    "settled": (_("Settled by hand"), {"kind": "resolved"}),
    "states": (_("States"), {"kind__endswith": "_state"}),
    "prices": (_("Prices"), {"kind__startswith": "price_"}),
    "found": (_("Found or gone at the operator"), {"kind__in": ["basket_found", "line_found", "gone"]}),
    "files": (_("Files"), {"kind__startswith": "export_"}),
    "talk": (_("Comments and notes"), {"kind__in": ["commented", "note_changed"]}),
    "people": (_("People"), {"kind__startswith": "person_"}),
}


class CommandFilter(ListFilter):
    known_states = states.COMMAND

    q = None
    kind = TextFilter(lookup_expr="iexact", label=_("Action"))
    basket = django_filters.UUIDFilter(field_name="basket_id", label=_("Basket"))
    line = django_filters.UUIDFilter(field_name="line_id", label=_("Line"))
    motive = TextFilter(lookup_expr="iexact", label=_("Reason"))
    recorded_at_gte = MomentFilter(field_name="recorded_at", lookup_expr="gte", label=_("From"))

    kinds = KINDS
    words = {"kind": KINDS, "motive": MOTIVES}

    class Meta:
        model = Command
        fields: list[str] = []


class EventFilter(django_filters.FilterSet):
    kind = TextFilter(method="of_group", label=_("Kind"))
    person = TextFilter(method="by_person", label=_("Person"))
    basket = django_filters.UUIDFilter(field_name="basket_id", label=_("Basket"))
    line = django_filters.UUIDFilter(field_name="line_id", label=_("Line"))
    to = MomentFilter(field_name="at", lookup_expr="lt", label=_("Before"))

    groups = GROUPS
    words = {"kind": {value: label for value, (label, _lookup) in GROUPS.items()}}

    def of_group(self, queryset, name, value):
        """A group of kinds, or one kind as it is stored."""
        _label, found = GROUPS.get(value, ("", {"kind": value}))
        return queryset.filter(**found)

    def by_person(self, queryset, name, value):
        if value == SYNCHRONISATION:
            return queryset.filter(actor=None)
        return queryset.filter(Q(actor__username__iexact=value) | Q(actor_name__icontains=value))

    class Meta:
        model = Event
        fields: list[str] = []


# `from` is a word of Python and cannot be written in the class.
EventFilter.base_filters["from"] = MomentFilter(field_name="at", lookup_expr="gte", label=_("From"))
