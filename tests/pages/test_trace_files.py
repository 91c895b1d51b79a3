"""Forty routes at once: each checked and matched before anything is sent, then sent one after the other."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quotes.models import Batch, BatchItem, Command, Line
from quotes.services import baskets, batches, lines, reconciler, trace_files
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce
from tests.kmz_files import QUIMPER, make_kmz
from tests.pages.browsing import of_main_form, text

pytestmark = pytest.mark.django_db
KMZ = make_kmz()


@pytest.fixture
def basket(operator, sales):
    return baskets.create(actor=sales, nonce=nonce(), external_id="FLASH-1").basket


def line(basket, sales, **fields) -> Line:
    return lines.add(actor=sales, nonce=nonce(), basket=basket, fields=COMPLETE | fields).line


@pytest.fixture
def three(basket, sales):
    names = (("A-1", "Mairie de Plougastel"), ("A-12", "Clinique Saint-Gildas"), ("", "École de Kerédern"))
    return [line(basket, sales, external_id=ref, end_customer_name=customer) for ref, customer in names]


def kmz(name, data=KMZ):
    return SimpleUploadedFile(name, data)


def hand_in(client, basket, *files):
    address = f"/baskets/{basket.pk}/traces/"
    return client.post(address, of_main_form(text(client.get(address))) | {"file": list(files)})


def run(batch):
    for _ in range(6):
        Batch.objects.update(due_at="2020-01-01T00:00Z")
        batches.run_due(Tally())
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
    batch.refresh_from_db()


def chosen(page) -> dict[str, str]:
    """What the selects of the page say, by name."""
    found = re.findall(r'<select name="(line-\d+)".*?</select>', text(page), re.S)
    selects = re.findall(r'<select name="line-\d+".*?</select>', text(page), re.S)
    picked = [re.search(r'<option value="([^"]*)" selected>', select) for select in selects]
    return {name: pick[1] if pick else "" for name, pick in zip(found, picked, strict=True)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("{reference}.kmz", 0),
        ("trace_{reference}_v2.KMZ", 0),
        ("A-1.kmz", 0),
        ("a 12.kmz", 1),
        ("Tracé A-12 définitif.kmz", 1),
        ("ecole-de-kerédern.kmz", 2),
        ("2026 clinique saint gildas quimper.kmz", 1),
        ("A-123.kmz", None),
        ("Clinique.kmz", None),
        ("A-1 ou A-12 …/mairie de plougastel.kmz", 0),
        ("\u202e🗺️.kmz", None),
        ("", None),
    ],
)
def test_a_file_finds_its_line_by_name(three, name, expected):
    found = trace_files.matched(name.format(reference=three[0].reference), three)
    assert found == (None if expected is None else three[expected])


def test_a_name_that_fits_two_lines_alike_is_left_to_the_person(basket, sales):
    twins = [line(basket, sales, external_id=ref) for ref in ("T-1", "T-2")]
    assert trace_files.matched("Boulangerie Ar Men.kmz", twins) is None


def test_everything_is_listed_before_anything_is_sent(three, basket, as_, operator):
    client = as_("sales")
    other = make_kmz((QUIMPER[:5],), name="Other")
    files = kmz("A-1.kmz"), kmz("A-1 copy.kmz"), kmz("nowhere.kmz", other), kmz("notes.txt"), kmz("A-12.kmz", b"<kml>")
    page = client.get(hand_in(client, basket, *files)["Location"])
    assert chosen(page) == {"line-1": str(three[0].pk), "line-2": "", "line-3": ""}
    assert text(page).count("The same content as A-1.kmz") or text(page).count("A-1.kmz") > 2
    assert "notes.txt" in text(page) and "A-12.kmz" in text(page)
    assert not operator.sent("POST", "/trace/upload/") and not Command.objects.filter(kind="upload_trace").exists()


def test_the_chosen_ones_go_out_byte_for_byte_and_the_others_stay(three, basket, as_, operator):
    client = as_("sales")
    other = make_kmz((QUIMPER[:5],), name="Other")
    address = hand_in(client, basket, kmz("A-1.kmz"), kmz("b.kmz", other), kmz("c.kmz"), kmz("d.kmz", b""))["Location"]
    fields = {"line-1": str(three[0].pk), "line-2": str(three[2].pk), "line-3": ""}
    sent = client.post(address, fields)
    batch = Batch.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, f"/batches/{batch.pk}/")
    assert client.post(address, fields)["Location"] == client.get(address)["Location"] == sent["Location"]
    run(batch)
    assert [operator.world.lines[line.remote_id]["trace"] for line in three] == [KMZ, b"", other]
    assert [(i.outcome, i.reason) for i in batch.items.all()] == [
        ("done", ""), ("done", ""), ("skipped", "left_out"), ("invalid", ""),
    ]  # fmt: skip
    assert client.get(f"/batches/{batch.pk}/").status_code == 200


def test_two_files_for_one_line_or_none_at_all_are_refused_with_all_choices_kept(three, basket, as_):
    client = as_("sales")
    address = hand_in(client, basket, kmz("A-1.kmz"), kmz("x.kmz"))["Location"]
    same = {"line-1": str(three[1].pk), "line-2": str(three[1].pk)}
    page = client.post(address, same)
    assert page.status_code == 422 and chosen(page) == same
    assert text(page).count('data-field="line-1"') == 2  # in the summary and at the field
    assert client.post(address, {"line-1": "", "line-2": ""}).status_code == 422
    assert client.post(address, {"line-1": "nobody's"}).status_code == 422
    assert Batch.objects.get().state == "draft"


def test_too_many_or_no_files_are_told_in_words(three, basket, as_):
    client = as_("sales")
    assert hand_in(client, basket).status_code == 422
    page = hand_in(client, basket, *[kmz(f"{n}.kmz", b"x") for n in range(41)])
    assert page.status_code == 422 and "41" in text(page)
    assert not Batch.objects.exists()


def test_what_was_prepared_before_and_not_sent_is_replaced(three, basket, as_):
    client = as_("sales")
    first = hand_in(client, basket, kmz("A-1.kmz"))["Location"]
    file = BatchItem.objects.get().file
    hand_in(client, basket, kmz("A-12.kmz"))
    assert Batch.objects.count() == 1 and not file.storage.exists(file.name)
    assert client.get(first).status_code == 404


def test_nobody_else_sees_or_sends_it_and_a_sent_basket_takes_none(three, basket, as_, operator):
    address = hand_in(as_("sales"), basket, kmz("A-1.kmz"))["Location"]
    assert as_("sales2").get(address).status_code == 404
    assert as_("auditor").post(f"/baskets/{basket.pk}/traces/").status_code == 403
    operator.world.confirm(basket.remote_id)
    as_("sales").post(f"/baskets/{basket.pk}/refresh/")
    assert as_("sales").post(address, {"line-1": str(three[0].pk)}).status_code == 409
    assert 'type="file"' not in text(as_("sales").get(f"/baskets/{basket.pk}/traces/"))
