"""What the rows themselves know: names to search by, and the number that makes an answer older or newer."""

import pytest
from django.db import transaction

from quotes.models import Basket, Line, Revision
from quotes.models.mirror import fold, key
from quotes.sync import store
from quotes.sync.asked import Asked

FOLDED = {"Crêperie À L'Île": "creperie a l'ile", "STRASSE": "strasse", "Straße": "strasse", "ﬁbre": "fibre", "": ""}


@pytest.mark.parametrize(("text", "folded"), FOLDED.items())
def test_searching_ignores_case_and_accents(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(("one", "other", "same"), [("Ext", "EXT ", True), ("é", "e\u0301", True), ("é", "e", False)])
def test_a_whole_value_is_compared_without_case_but_with_accents(one, other, same):
    assert (key(one) == key(other)) is same


def test_a_row_is_found_by_all_its_names():
    line = Line(remote_id="r-1", reference="QO_1", external_id="A~x", wished_external_id="A", payload={"note": "Été"})
    line.index()
    assert all(word in line.search for word in ("r-1", "qo_1", "a~x", "ete"))


def test_a_basket_is_called_by_its_external_id_and_else_by_an_id():
    assert Basket(external_id="A~1", wished_external_id="A").title == "A~1"
    assert Basket(wished_external_id="A").title == "A"
    assert Basket(remote_id="123456789").title == "12345678"


@pytest.mark.django_db
def test_revisions_count_on_and_never_repeat():
    with transaction.atomic():
        numbers = [Revision.next() for _ in range(3)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    assert Revision.current() == numbers[-1]


@pytest.mark.django_db
def test_a_question_is_older_than_a_row_that_was_changed_after_it():
    row = Basket.objects.create(remote_id="B")
    asked = Asked.now()
    assert not asked.is_older_than(row)
    store.touch(row)
    row.refresh_from_db()
    assert asked.is_older_than(row)
    assert not Asked.now().is_older_than(row)
    assert not Asked(asked.at, asked.revision, own_write=True).is_older_than(row)
