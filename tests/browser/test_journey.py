"""The whole job, in a real browser, against what `script/run` starts: from an empty basket to an order and files."""

import re

import requests

from tests.browser.endpoints import API, every_endpoint_was_called
from tests.cast import QUALIFICATION
from tests.kmz_files import make_kmz

ALL_FIELDS = {
    "product_offering_qualification_item_id": QUALIFICATION,
    "end_customer_name": "Boulangerie Ar Men",
    "external_id": "AR-MEN-1",
    "business_sector": "Commerce",
    "customer_order_name": "Ar Men, Quimper",
    "business_code": "BC-7",
    "project_id": "FLASH",
    "site_connection_type": "fibre",
    "product_offerings": "2173",
    "option_ids": "OPT-1",
    "expected_response_date": "30/04/2027",
    "note": "Behind the church.\nRing twice.",
    "technical_note": "Riser on the left.",
    "related_contact_information__0__name": "Yann Le Goff",
    "related_contact_information__0__email_address": "yann@example.org",
    "related_contact_information__1__role": "Site",
}
KMZ = make_kmz()


def test_from_an_empty_basket_to_an_order_and_its_files(portal, person):
    sales, manager = person("sales"), person("manager")
    basket = create(sales)
    line = fill_the_basket(sales, basket)
    join_a_trace(sales, line)
    confirm(sales, basket)
    sales.go(line)
    sales.wait_for("ready")
    decide(manager, line, portal.sandbox)
    fetch_the_files(sales, line)
    fetch_a_trace_that_was_made_elsewhere(sales, portal.sandbox)
    assert sales.complaints + manager.complaints == []
    calls = [call for call in portal.sandbox.calls() if call["user_agent"].startswith("covage-portal/")]
    every_endpoint_was_called(calls)
    the_accept_can_be_traced(manager, calls)


def create(sales) -> str:
    """The path of a new basket, whose project was changed once."""
    sales.go("/baskets/new/")
    sales.fill(external_id="JOURNEY-1", project_id="LOGIS")
    sales.press()
    basket = sales.path
    assert (sales.marks["kind"], sales.marks["state"]) == ("basket", "acknowledged")
    sales.open("edit/")
    sales.fill(project_id="FLASH")
    sales.press()
    assert sales.path == basket
    assert sales.value("project_id") == "FLASH"
    return basket


def fill_the_basket(sales, basket: str) -> str:
    """Three lines, of which one goes again; the path of the one with every field."""
    line = add_line(sales, basket, **ALL_FIELDS)
    assert sales.value("business_code") == ALL_FIELDS["business_code"]
    assert sales.value("note") == ALL_FIELDS["note"]
    sales.open("edit/")
    sales.fill(end_customer_name="Boulangerie Ar Men et Filles")
    sales.press()
    assert sales.path == line
    assert sales.page.inner_text("main h1") == "Boulangerie Ar Men et Filles"
    add_line(sales, basket, product_offering_qualification_item_id=QUALIFICATION)
    add_line(sales, basket, product_offering_qualification_item_id=QUALIFICATION, end_customer_name="A mistake")
    sales.open("delete/")
    sales.press()
    assert sales.path == basket
    assert sales.page.locator('main tr[data-kind="line"]:not([data-gone])').count() == 2
    return line


def add_line(sales, basket: str, **fields: str) -> str:
    sales.go(basket)
    sales.open("/lines/new/")
    for closed in sales.page.locator("main details:not([open]) summary").all():
        closed.click()
    sales.fill(**fields)
    sales.press()
    assert sales.marks["remoteId"]
    return sales.path


def join_a_trace(sales, line: str) -> None:
    """Twice, because the first one is deleted again."""
    send_trace(sales, line)
    sales.open("trace/delete/")
    sales.press()
    sales.go(f"{line}trace/")
    assert sales.page.locator("main .dw-trace").count() == 0
    send_trace(sales, line)
    assert sales.page.locator("main .dw-trace").count() == 1
    assert sales.download("trace.kmz") == KMZ


def send_trace(sales, line: str) -> None:
    sales.go(f"{line}trace/")
    file = {"name": "ar-men.kmz", "mimeType": "application/vnd.google-earth.kmz", "buffer": KMZ}
    sales.page.set_input_files("input[name=file]", file)
    sales.press()


def confirm(sales, basket: str) -> None:
    """The check page shows what is missing and leads to it; complete, the basket goes."""
    sales.go(basket)
    sales.open("/confirm/")
    needs = sales.page.locator("main .need a")
    assert needs.count() == 3
    needs.first.click()
    sales.page.wait_for_load_state()
    sales.fill(end_customer_name="Crêperie du Port", site_connection_type="fibre", product_offerings="2173")
    sales.press()
    sales.go(f"{basket}confirm/")
    assert sales.page.locator("main .need").count() == 0
    sales.press()
    assert (sales.path, sales.marks["state"]) == (basket, "confirmed")


def decide(manager, line: str, sandbox) -> None:
    """Compare, decline with a comment, restore, accept; the ids on the page are those of the operator's ledger."""
    manager.go(f"/review/?line={line.split('/')[2]}")
    assert manager.page.locator("main [data-product-id]").count() >= 2
    manager.go(line)
    offers = manager.page.locator("main [data-product-id]")
    declined, accepted = (offers.nth(at).get_attribute("data-product-id") for at in (0, 1))
    assert manager.page.locator(f'main [data-product-id="{accepted}"] data[data-price]').count() >= 2
    decision(manager, declined, "decline", "refused", comment="Too dear, said the customer.")
    decision(manager, declined, "restore", "ready")
    decision(manager, accepted, "accept", "accepted")
    assert (manager.path, manager.marks["state"]) == (line, "accepted")
    order = next(order for order in sandbox.orders() if order["quote_item_id"] == manager.marks["remoteId"])
    assert order["product_id"] == accepted
    for name, mark in (("product_order_id", "order-id"), ("product_order_item_id", "order-item-id")):
        assert manager.page.get_attribute(f"main [data-{mark}]", f"data-{mark}") == order[name]


def decision(manager, product_id: str, kind: str, state: str, **fields: str) -> None:
    manager.open(f"/offers/{product_id}/{kind}/")
    manager.fill(**fields)
    manager.press()
    assert manager.page.get_attribute(f'main [data-product-id="{product_id}"]', "data-state") == state


def fetch_the_files(sales, line: str) -> None:
    sales.go(line)
    reference = sales.value("reference")
    assert make(sales, line, f'form[action="{line}pdf/"]').startswith(b"%PDF")
    assert make(sales, line, f'form[action^="{line}offers/"][action$="/pdf/"]').startswith(b"%PDF")
    made = make(sales, f"/lines/export/?reference={reference}", "form[action='/lines/export/']")
    assert [reference in row for row in made.decode("utf-8-sig").strip().splitlines()] == [False, True]
    sales.go("/lines/export/")
    assert reference.encode() in sales.download("/lines.csv")
    sales.go(line)
    assert sales.download("trace.kmz") == KMZ


def make(sales, path: str, form: str) -> bytes:
    """Have the operator make a file; the page of the export says by itself when it is there."""
    sales.go(path)
    operator = sales.page.locator(f"main {form} [name=format][value=operator]")
    if operator.count():
        operator.check()
    with sales.page.expect_navigation():
        sales.page.locator(f"main {form} button:visible").first.click()
    assert re.fullmatch("/exports/[^/]+/", sales.path)
    sales.watch_for("ready")
    return sales.download("/file")


def fetch_a_trace_that_was_made_elsewhere(sales, sandbox) -> None:
    """The portal fetches what it never held; it comes through byte for byte."""
    sales.go("/lines/?state=ready&page_size=100")
    lines = sales.page.locator('main tr[data-kind="line"]').evaluate_all("rows => rows.map(row => row.dataset.id)")
    for line in lines:
        sales.go(f"/lines/{line}/")
        if sales.page.locator('main a[href$="trace.kmz"]').count():
            break
    remote, given = sales.marks["remoteId"], sales.download("trace.kmz")
    sales.page.locator('nav.crumbs a[href^="/baskets/"]').last.click()
    path = f"{API}/quote/{sales.marks['remoteId']}/quote_item/{remote}/trace/download/"
    bearer = {"Authorization": f"Bearer {sandbox.token()['access_token']}"}
    assert given == requests.get(sandbox.url + path, headers=bearer, timeout=20).content


def the_accept_can_be_traced(manager, calls) -> None:
    """The id of its call at the operator begins with the id of the command here."""
    manager.go("/commands/?kind=accept")
    command = manager.page.get_attribute('main tr[data-kind="command"]', "data-id")
    [accept] = [call for call in calls if call["path"].endswith("/accept/")]
    assert accept["request_id"].startswith(command.replace("-", ""))


def test_the_basket_goes_without_a_script(person):
    """Plain pages and forms: an early press is answered with what is missing, a complete basket goes."""
    sales = person("sales", java_script_enabled=False)
    sales.go("/baskets/new/")
    sales.fill(external_id="NO-SCRIPT-1")
    sales.press()
    basket = sales.path
    sales.go(f"{basket}confirm/")
    sales.press()
    assert sales.page.locator("main [data-field]").count() >= 1
    sales.go(f"{basket}lines/new/")
    sales.fill(product_offering_qualification_item_id=QUALIFICATION, site_connection_type="fibre")
    sales.fill(end_customer_name="Ar Men", product_offerings="2173")
    sales.press()
    line = sales.path
    send_trace(sales, line)
    assert sales.page.locator("main .dw-trace").count() == 1
    sales.go(f"{basket}confirm/")
    sales.press()
    assert (sales.path, sales.marks["state"]) == (basket, "confirmed")
    assert [complaint for complaint in sales.complaints if "422" not in complaint] == []
