"""Acts on many lines: ordinary commands one by one, at the prices that were seen, and the files as they are kept."""

import csv
import io
import zipfile

import pytest

from quotes.errors import Invalid, NotAllowed
from quotes.models import Batch, Command, ExportJob, Line
from quotes.services import bundles, choosing, exports, traces
from quotes.sync import watch
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, nonce
from tests.kmz_files import make_kmz
from tests.services.test_batches import outcomes, run
from tests.services.test_decisions import mirrored

pytestmark = pytest.mark.django_db
GIVEN = {"comment": "too dear", "motive": ""}


@pytest.fixture
def lines(operator, sales) -> list[Line]:
    """Three lines of one basket, the first with two offers, the others with one."""
    basket_id = operator.world.draft(external_id="A")
    ids = [operator.world.add_line(basket_id, COMPLETE)["id"] for _ in range(3)]
    operator.world.confirm(basket_id)
    for line_id, products in zip(ids, (("2173", "2175"), ("2173",), ("2173",)), strict=True):
        operator.world.price(line_id, *products)
    read_again(basket_id)
    return list(Line.objects.order_by("reference"))


def read_again(basket_id):
    try:
        mirrored(basket_id)
    except Line.MultipleObjectsReturned:
        return


def seen(lines):
    return [(offer, offer.fingerprint) for line in lines for offer in line.offers.all()]


def run_all(batch):
    for _ in range(4):
        run()
    return outcomes(batch)


def finish():
    for _ in range(5):
        ExportJob.objects.filter(state="running").update(due_at="2020-01-01T00:00Z")
        exports.poll_due(connect(), Tally())


def unzipped(lines) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(bundles.streamed(lines))))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_every_open_offer_is_declined_with_the_one_comment(operator, lines, manager):
    batch = choosing.decline(actor=manager, nonce=nonce(), seen=seen(lines), **GIVEN)
    assert run_all(batch) == ["done"] * 4
    assert [offer.state for line in lines for offer in line.offers.all()] == ["refused"] * 4
    assert all("too dear" in str(call["body"]) for call in operator.sent("PATCH", "/decline/"))
    assert len(operator.sent("PATCH", "/decline/")) == 4


def test_a_price_that_moved_since_the_check_page_is_not_declined(operator, lines, manager):
    chosen = seen(lines)
    operator.world.lines[lines[1].remote_id]["offers"][0]["monthly"] = 1.5
    watch.read_line(connect(), lines[1])  # known here
    operator.world.lines[lines[2].remote_id]["offers"][0]["monthly"] = 2.5  # known at the operator only
    batch = choosing.decline(actor=manager, nonce=nonce(), seen=chosen, **GIVEN)
    assert run_all(batch) == ["done", "done", "skipped", "refused"]
    assert [item.reason for item in batch.items.all()][2] == "price_moved"
    assert Command.objects.get(line=lines[2]).reason == "price_moved"
    assert len(operator.sent("PATCH", "/decline/")) == 2


def test_nothing_is_accepted_and_only_deciders_decline_many(operator, lines, sales):
    with pytest.raises(NotAllowed):
        choosing.decline(actor=sales, nonce=nonce(), seen=seen(lines), **GIVEN)
    assert not Batch.objects.exists()


def test_nobody_chooses_more_than_can_be_looked_at(lines, sales):
    for chosen in ([], lines * 400):
        with pytest.raises(Invalid):
            choosing.pdfs(actor=sales, nonce=nonce(), lines=chosen, bundle=False)


def test_a_bundle_holds_the_same_bytes_and_tells_what_is_in_it(operator, lines, sales):
    route = make_kmz()
    operator.world.lines[lines[0].remote_id].update(trace=route, trace_file="traces/1/way.kmz")
    keep_trace(lines[0])
    assert run_all(choosing.pdfs(actor=sales, nonce=nonce(), lines=lines[:2], bundle=True)) == ["done"] * 2
    finish()
    found = unzipped(with_traces(lines))
    kept = ExportJob.objects.get(line=lines[0])
    first, second, third = (line.reference for line in lines)
    assert sorted(found) == sorted([f"{first}.pdf", f"{first}.kmz", f"{second}.pdf", "manifest.csv"])
    assert found[f"{first}.pdf"] == kept.file.read()
    assert found[f"{first}.kmz"] == route
    rows = list(csv.DictReader(io.StringIO(found["manifest.csv"].decode("utf-8-sig"))))
    assert [(row["reference"], row["pdf"], row["trace"]) for row in rows] == [
        (first, f"{first}.pdf", f"{first}.kmz"),
        (second, f"{second}.pdf", ""),
        (third, "", ""),
    ]


def keep_trace(line):
    line.payload["trace_file"] = "traces/1/way.kmz"
    line.save()
    traces.original(line)


def with_traces(lines):
    return list(Line.objects.filter(pk__in=[line.pk for line in lines]).order_by("reference", "added_at"))


def test_a_pdf_that_is_kept_and_still_true_is_not_asked_for_again(operator, lines, sales):
    choosing.pdfs(actor=sales, nonce=nonce(), lines=lines[:2], bundle=True)
    run()
    finish()
    operator.world.price(lines[1].remote_id, "2180")
    watch.read_line(connect(), lines[1])
    batch = choosing.pdfs(actor=sales, nonce=nonce(), lines=lines[:2], bundle=True)
    assert run_all(batch) == ["done"] * 2
    assert [ExportJob.objects.filter(line=line).count() for line in lines[:2]] == [1, 2]
    choosing.pdfs(actor=sales, nonce=nonce(), lines=lines[:1], bundle=False)
    run()
    assert ExportJob.objects.filter(line=lines[0]).count() == 2


def test_names_in_a_bundle_are_harmless_and_each_is_its_own(operator, lines, sales):
    choosing.pdfs(actor=sales, nonce=nonce(), lines=lines[:2], bundle=True)
    run()
    finish()
    Line.objects.update(reference="../QO <1>\n")
    assert sorted(unzipped(with_traces(lines)[:2])) == ["_QO _1_-2.pdf", "_QO _1_.pdf", "manifest.csv"]


def test_a_file_that_is_gone_from_the_disk_is_an_empty_cell(operator, lines, sales):
    choosing.pdfs(actor=sales, nonce=nonce(), lines=lines[:1], bundle=True)
    run()
    finish()
    job = ExportJob.objects.get()
    job.file.storage.delete(job.file.name)
    assert sorted(unzipped(lines)) == ["manifest.csv"]
