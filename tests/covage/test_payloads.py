"""The operator's objects in every legal form."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from quotes.covage import Basket, ExportStatus, Line
from quotes.covage.payloads import Unreadable

PLUS_2 = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("received", "read"),
    [
        ("2026-04-23T10:00:00+02:00", datetime(2026, 4, 23, 10, tzinfo=PLUS_2)),
        ("2026-04-23T10:00:00Z", datetime(2026, 4, 23, 10, tzinfo=UTC)),
        ("2026-04-23T10:00:00.123456+0200", datetime(2026, 4, 23, 10, 0, 0, 123456, PLUS_2)),
        ("2026-04-23 10:00:00Z", datetime(2026, 4, 23, 10, tzinfo=UTC)),
        (" 2026-04-23 ", date(2026, 4, 23)),
        ("2099-12-31", date(2099, 12, 31)),
        ("2026-04-23T10:00:00", datetime(2026, 4, 23, 10, tzinfo=PLUS_2)),
        ("0000-00-00", None),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("soon", None),
        ("", None),
        (None, None),
        (1745395200, None),
        ({}, None),
    ],
)
def test_dates(received, read):
    line = Line.read({"id": "l1", "validity_date": received})
    assert line.validity_date == read
    assert type(line.validity_date) is type(read)
    assert line.raw["validity_date"] == received


@pytest.mark.parametrize(
    ("received", "read"),
    [
        ("text", "text"), ("", ""), (None, ""), (7, "7"), (Decimal("7.50"), "7.50"), (True, "true"),
        ({"code": "FTTO", "label": "Dedicated"}, "FTTO"), ({"odd": 1}, '{"odd": 1}'), (["a"], '["a"]'), ([], ""),
    ],
)  # fmt: skip
def test_text_is_always_text(received, read):
    assert Line.read({"id": "l1", "site_connection_type": received}).site_connection_type == read


def test_what_is_absent_reads_as_nothing_and_is_known_to_be_absent():
    line = Line.read({"id": "l1", "note": "", "prices": None})
    assert (line.note, line.state, line.option_ids, line.offers, line.address, line.latitude) == (
        "",
        "",
        [],
        [],
        {},
        None,
    )
    assert line.has("note") and line.has("prices") and not line.has("state")


@pytest.mark.parametrize("received", [7, "7", " 7 "])
def test_an_id_is_text(received):
    assert Line.read({"id": received}).id == "7"


@pytest.mark.parametrize("received", [None, "", "  ", [], {}, True, Decimal("1.5"), "a/../b", "..", "a\0b", "x" * 201])
def test_without_a_usable_id_there_is_no_object(received):
    with pytest.raises(Unreadable):
        Line.read({"id": received})


@pytest.mark.parametrize("received", [None, [], "l1", 7])
def test_what_is_no_object_cannot_be_read(received):
    with pytest.raises(Unreadable):
        Line.read(received)


def test_what_is_unknown_is_kept():
    raw = {
        "id": "l1",
        "state": "under_review",
        "carbon": {"grams": Decimal("1.5")},
        "lines": "x",
        "basket_id": {"a": 1},
    }
    line = Line.read(raw)
    assert (line.state, line.raw) == ("under_review", raw)


def test_options_contacts_and_coordinates():
    line = Line.read({
        "id": "l1",
        "option_ids": [7, "9", None, {"id": "11", "label": "x"}],
        "related_contact_information": [{"name": "A"}, None, "B"],
        "latitude": "48,85",
        "longitude": Decimal("2.35"),
        "manager_regional": [{"name": "M"}],
    })  # fmt: skip
    assert line.option_ids == ["7", "9", "11"]
    assert line.contacts == [{"name": "A"}, {"name": "B"}]
    assert (line.latitude, line.longitude) == (Decimal("48.85"), Decimal("2.35"))
    assert line.manager_regional == {"name": "M"}


@pytest.mark.parametrize(
    ("received", "offerings"),
    [
        (["2173", 2174], [("2173", ""), ("2174", "")]),
        (
            [{"product_id": "1", "name": "One"}, {"product_offering_id": 2, "label": "Two"}],
            [("1", "One"), ("2", "Two")],
        ),
        ([{"id": "3", "description": "Three"}, {"name": "no id"}, None], [("3", "Three")]),
        ([{"product_offering": {"id": "4"}, "name": "Four"}], [("4", "Four")]),
        ({"product_id": "5"}, [("5", "")]),
        ("6", [("6", "")]),
        (None, []),
    ],
)
def test_offerings_as_text_or_objects(received, offerings):
    assert Line.read({"id": "l1", "product_offerings": received}).offerings == offerings


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ({"label": "1 rue A, Paris", "city": {"name": "Paris"}}, "1 rue A, Paris"),
        ({"street_nr": 12, "street": {"name": "rue B"}, "city": {"name": "Lyon", "x": None}}, "12, rue B, Lyon"),
        ("1 rue C", "1 rue C"),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_site_in_one_line(address, site):
    assert Line.read({"id": "l1", "address": address}).site == site


@pytest.mark.parametrize(
    ("keys", "basket_id"),
    [({"quote_id": "q1"}, "q1"), ({"quote": {"id": 7}}, "7"), ({"basket": "b"}, "b"), ({"quote": None}, ""), ({}, "")],
)
def test_a_line_names_its_basket_when_the_answer_does(keys, basket_id):
    assert Line.read({"id": "l1", **keys}).basket_id == basket_id


@pytest.mark.parametrize(
    ("quote_item", "lines", "ids"),
    [
        ([], [], []),
        (None, [], []),
        (["l1", 2], [], ["l1", "2"]),
        ([{"id": "l1"}, {"id": "l2"}], ["l1", "l2"], ["l1", "l2"]),
        ([{"id": "l1"}, "l2", {"no": "id"}, None], ["l1"], ["l1", "l2"]),
        ({"results": [{"id": "l1"}]}, ["l1"], ["l1"]),
    ],
)
def test_the_lines_of_a_basket_as_objects_or_ids(quote_item, lines, ids):
    basket = Basket.read({"id": "q1", "quote_item": quote_item})
    assert [line.id for line in basket.lines] == lines
    assert {line.basket_id for line in basket.lines} <= {"q1"}
    assert basket.line_ids == ids


def test_a_basket_that_says_nothing_of_its_lines():
    basket = Basket.read({"id": "q1"})
    assert (basket.lines, basket.line_ids) == (None, [])


def test_lines_that_cannot_be_read_are_set_aside():
    assert Basket.read({"id": "q1", "quote_item": [{"state": "x"}]}).rejected == [{"state": "x"}]


@pytest.mark.parametrize(
    ("fields", "is_running", "is_failed"),
    [
        ({}, True, False),
        ({"success": None, "stopped": None}, True, False),
        ({"success": False, "stopped": ""}, True, False),
        ({"success": True, "stopped": None}, True, False),
        ({"success": True, "stopped": "2026-04-23T10:05:00+02:00"}, False, False),
        ({"success": "true", "stopped": "23/04/2026"}, False, False),
        ({"success": 1, "stopped": "x"}, False, False),
        ({"success": False, "stopped": "x"}, False, True),
        ({"success": None, "stopped": "x"}, False, False),
        ({"success": "SUCCESS", "stopped": "x"}, False, False),
        ({"stopped": "x"}, False, False),
    ],
)
def test_how_an_export_stands(fields, is_running, is_failed):
    status = ExportStatus.read({"task_id": "t", **fields})
    assert (status.running, status.failed) == (is_running, is_failed)
