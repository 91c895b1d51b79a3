"""From the login to a confirmed basket of three lines, by the keyboard alone."""

import pytest

from quotes.models import Basket, Command
from tests.browser.keys import Keys
from tests.browser.person import Person

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a newcomer’s first password"
SITES = ("Boulangerie Ar Men", "Crêperie du Port", "Menuiserie Le Goff")


def test_a_newcomer_confirms_three_lines_in_under_sixty_actions(operator, sales, browser, live_server):
    sales.set_password(PASSWORD)
    sales.save()
    person = Person(browser, live_server.url)
    person.go("/")
    keys = Keys(person.page)
    log_in(keys)
    keys.press("n", then="/baskets/new/")
    keys.write("NEWCOMER-1")
    keys.press("Enter", then="/")
    keys.press("a", then="/lines/new/")
    for site in SITES:
        add_line(keys, site, first=site == SITES[0])
    back_to_the_basket(keys)
    confirm(keys)
    basket = Basket.objects.get()
    assert (basket.state, [line.title for line in basket.lines.order_by("added_at")]) == ("confirmed", list(SITES))
    assert Command.objects.filter(state="done").count() == 5
    assert keys.actions < 60
    assert person.complaints == []
    person.leave()


def log_in(keys) -> None:
    keys.write("sales")
    keys.tab_to("[name=password]")
    keys.write(PASSWORD)
    keys.press("Enter", then="/")


def add_line(keys, site: str, *, first: bool) -> None:
    """What the lines share is typed once; Ctrl + Enter saves and opens the next."""
    keys.write(f"123e4567-e89b-12d3-a456-4266141740{len(site):02}")
    keys.tab_to("[name=end_customer_name]")
    keys.write(site)
    if first:
        keys.tab_to("[name=site_connection_type]")
        keys.write("fibre")
        keys.tab_to("[name=product_offerings]")
        keys.write("2173")
    keys.press("Control+Enter", then="/lines/new/")


def back_to_the_basket(keys) -> None:
    """By the search, which finds it by its name."""
    keys.press("Control+k")
    keys.page.wait_for_selector("#dlg[open] input")
    keys.write("NEWCOMER-1")
    keys.page.wait_for_selector('#dlg [href^="/baskets/"]:visible, #dlg [role=option]:visible')
    keys.press("Enter", then="/")
    keys.page.wait_for_selector('main[data-kind="basket"]')


def confirm(keys) -> None:
    keys.press("c", then="/confirm/")
    keys.tab_to('[href="#confirm"]')
    keys.press("Enter")
    keys.tab_to("#confirm button")
    keys.press("Enter", then="/")
    keys.page.wait_for_selector('main[data-state="confirmed"]')
