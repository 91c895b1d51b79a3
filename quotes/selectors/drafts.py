"""The recovery copies of one person: nobody else ever reads them."""

from django.http import QueryDict

from quotes.models import Draft


def of(user, place: str) -> Draft | None:
    return Draft.objects.filter(user=user, place=place).first() if user.is_authenticated else None


def as_posted(draft: Draft) -> QueryDict:
    """The fields as the form would have sent them."""
    data = QueryDict(mutable=True)
    for name, texts in draft.fields.items():
        data.setlist(name, texts)
    return data
