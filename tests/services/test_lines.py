"""Adding, editing and deleting lines, traces and exports, against an operator over real HTTP."""

import json

import pytest
from django.utils import timezone

from quotes.errors import Invalid, NotPossible
from quotes.models import Command, ExportJob, Line
from quotes.services import baskets, exports, lines, reconciler, traces
from quotes.sync.connection import connect
from quotes.sync.jobs import Tally
from tests.cast import COMPLETE, QUALIFICATION, nonce
from tests.kmz_files import make_kmz
from tests.operator import LOST, Shapes
from tests.services.test_decisions import settle

pytestmark = pytest.mark.django_db
KMZ = make_kmz([[(-4.10, 47.99), (-4.11, 47.995), (-4.12, 47.997)]], "route")


@pytest.fixture
def basket(operator, sales):
    return baskets.create(actor=sales, nonce=nonce(), external_id="A").basket


@pytest.fixture
def line(basket, sales):
    return add(basket, sales).line


def add(basket, actor, **fields):
    return lines.add(actor=actor, nonce=nonce(), basket=basket, fields=COMPLETE | fields)


SHAPES = [
    Shapes(),
    Shapes(quote_item="ids", ids="text", empty="null"),
    Shapes(quote_item="empty", ids="number", empty="absent"),
]


def test_a_line_is_added_with_what_was_filled_in_and_nothing_else(operator, basket, sales):
    command = add(basket, sales, external_id="EXT_ITEM", note="Sous-sol")
    assert (command.state, command.line.state) == ("done", "acknowledged")
    [sent] = operator.sent("POST", "/quote_item/$")
    assert json.loads(sent["body"]) == COMPLETE | {"external_id": "EXT_ITEM", "note": "Sous-sol"}
    assert command.line.reference.startswith("QO_")


@pytest.mark.parametrize(
    ("operator", "action"),
    [(SHAPES[0], action) for action in LOST] + [(shapes, "reset") for shapes in SHAPES[1:]],
    indirect=["operator"],
)
def test_an_added_line_whose_answer_was_lost_is_adopted_in_every_shape(operator, basket, sales, action):
    operator.fail(action, "/quote_item/$", method="POST", after=True)
    command = add(basket, sales, external_id="LOST")
    assert command.state == "uncertain"
    command = settle(command, 1)
    command.line.refresh_from_db()
    assert command.state == "done"
    assert command.line.remote_id in operator.world.lines
    assert len(operator.world.lines) == Line.objects.count() == 1


@pytest.mark.parametrize("operator", SHAPES, indirect=True)
def test_a_name_already_in_the_basket_gets_a_token(operator, basket, sales):
    operator.world.add_line(basket.remote_id, COMPLETE | {"external_id": "SITE"})
    command = add(basket, sales, external_id="SITE")
    assert (
        command.line.external_id == "SITE"
        if operator.shapes.quote_item == "empty"
        else command.line.external_id.startswith("SITE~")
    )


def test_lines_may_be_typed_while_the_basket_is_not_known_yet(operator, sales):
    operator.fail("reset", "/quote/$", method="POST", after=True)
    creating = baskets.create(actor=sales, nonce=nonce(), external_id="A")
    adding = add(creating.basket, sales)
    assert (creating.state, adding.state) == ("uncertain", "recorded")
    for _ in range(3):
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
    adding.refresh_from_db()
    assert adding.state == "done"
    assert len(operator.world.lines) == 1


def test_an_edit_sends_only_what_changed_and_never_the_forbidden_fields(operator, line, sales):
    lines.update(actor=sales, nonce=nonce(), line=line, changes={"note": "N"}, before={"note": ""})
    assert json.loads(operator.sent("PATCH", "/quote_item/")[0]["body"]) == {"note": "N"}
    line.refresh_from_db()
    assert line.payload["note"] == "N"


def test_a_line_is_deleted_and_its_page_stays(operator, line, sales):
    command = lines.delete(actor=sales, nonce=nonce(), line=line)
    line.refresh_from_db()
    assert (command.state, line.is_gone, operator.world.lines) == ("done", True, {})


@pytest.mark.parametrize("after", [True, False])
def test_a_delete_without_an_answer_ends_deleted(operator, line, sales, after):
    operator.fail("reset", "/quote_item/", method="DELETE", after=after)
    command = lines.delete(actor=sales, nonce=nonce(), line=line)
    for _ in range(6):
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
    command.refresh_from_db()
    line.refresh_from_db()
    assert (command.state, line.is_gone, operator.world.lines) == ("done", True, {})


def test_nothing_is_edited_after_the_basket_was_confirmed(operator, line, basket, sales):
    baskets.confirm(actor=sales, nonce=nonce(), basket=basket)
    line.refresh_from_db()
    for attempt in (
        lambda: lines.update(actor=sales, nonce=nonce(), line=line, changes={"note": "N"}, before={}),
        lambda: lines.delete(actor=sales, nonce=nonce(), line=line),
        lambda: traces.upload(actor=sales, nonce=nonce(), line=line, name="r.kmz", data=KMZ),
    ):
        with pytest.raises(NotPossible):
            attempt()


def test_a_trace_goes_out_and_comes_back_byte_for_byte(operator, line, sales):
    command = traces.upload(actor=sales, nonce=nonce(), line=line, name="route.kmz", data=KMZ)
    line.refresh_from_db()
    assert command.state == "done"
    assert operator.world.lines[line.remote_id]["trace"] == KMZ
    assert traces.original(line).file.read() == KMZ
    assert not operator.sent("GET", "/trace/download/")


def test_a_newer_trace_at_the_operator_is_fetched(operator, line, sales):
    traces.upload(actor=sales, nonce=nonce(), line=line, name="route.kmz", data=KMZ)
    newer = make_kmz([[(-4.10, 47.99), (-4.2, 47.9)]], "newer")
    operator.world.lines[line.remote_id].update(trace=newer, trace_file="traces/99/new.kmz")
    line = lines.refresh(line)
    assert traces.original(line).file.read() == newer


@pytest.mark.parametrize("after", [True, False])
def test_an_upload_without_an_answer_ends_with_the_file_there(operator, line, sales, after):
    operator.fail("reset", "/trace/upload/", after=after)
    command = traces.upload(actor=sales, nonce=nonce(), line=line, name="route.kmz", data=KMZ)
    for _ in range(6):
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
    command.refresh_from_db()
    assert (command.state, operator.world.lines[line.remote_id]["trace"]) == ("done", KMZ)


def test_what_is_no_kmz_is_never_sent(operator, line, sales):
    with pytest.raises(Invalid):
        traces.upload(actor=sales, nonce=nonce(), line=line, name="route.kmz", data=b"<kml>")
    assert not operator.sent("POST", "/trace/upload/")


def test_a_trace_is_deleted(operator, line, sales):
    traces.upload(actor=sales, nonce=nonce(), line=line, name="route.kmz", data=KMZ)
    command = traces.remove(actor=sales, nonce=nonce(), line=line)
    line.refresh_from_db()
    assert (command.state, line.has_trace, traces.original(line)) == ("done", False, None)


def test_an_export_is_watched_fetched_and_kept(operator, line, sales):
    command = exports.line_pdf(actor=sales, nonce=nonce(), line=line)
    for _ in range(3):
        ExportJob.objects.update(due_at="2020-01-01T00:00Z")
        exports.poll_due(connect(), Tally())
    job = command.export
    job.refresh_from_db()
    assert (job.state, job.content_type) == ("ready", "application/pdf")
    assert job.file.read().startswith(b"%PDF-")


def test_a_csv_is_asked_for_with_the_filters_that_were_filled_in(operator, sales):
    command = exports.csv(actor=sales, nonce=nonce(), filters={"state": "ready"})
    assert json.loads(operator.sent("POST", "/export/csv/")[0]["body"]) == {"state": "ready"}
    assert command.export.state == "running"


def test_a_lost_export_start_is_asked_again_three_times_at_most(operator, line, sales):
    operator.fail("reset", "/export/pdf/", times=9)
    command = exports.line_pdf(actor=sales, nonce=nonce(), line=line)
    for _ in range(20):
        Command.objects.update(next_try_at=None)
        reconciler.sweep()
    command.refresh_from_db()
    command.export.refresh_from_db()
    assert (command.state, command.export.state) == ("not_applied", "failed")
    assert len(operator.sent("POST", "/export/pdf/")) == 3


def test_an_html_page_is_not_taken_for_the_file(operator, line, sales):
    command = exports.line_pdf(actor=sales, nonce=nonce(), line=line)
    operator.fail("html", "/download/", times=2)
    states = []
    for _ in range(4):
        ExportJob.objects.update(due_at="2020-01-01T00:00Z", asked_at=timezone.now())
        exports.poll_due(connect(), Tally())
        states.append(ExportJob.objects.get(pk=command.export.pk).state)
    assert states == ["running", "running", "running", "ready"]


def test_an_export_that_never_ends_has_failed_after_its_limit(operator, line, sales):
    operator.exports_ready_after = 99
    command = exports.line_pdf(actor=sales, nonce=nonce(), line=line)
    ExportJob.objects.update(due_at="2020-01-01T00:00Z", asked_at="2020-01-01T00:00Z")
    exports.poll_due(connect(), Tally())
    command.export.refresh_from_db()
    assert (command.export.state, command.export.reason) == ("failed", "too_long")


def test_the_qualification_id_alone_is_enough_for_a_line(operator, basket, sales):
    fields = {"product_offering_qualification_item_id": QUALIFICATION}
    assert lines.add(actor=sales, nonce=nonce(), basket=basket, fields=fields).state == "done"
