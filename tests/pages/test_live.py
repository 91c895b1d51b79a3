"""What is followed live in a browser goes on until it has ended, and the reader's focus stays."""

import pytest

from quotes.models import Command, ExportJob
from tests.cast import nonce
from tests.pages.mirrors import a_line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit(page, live_server, as_):
    """`visit(path)`: the page of that address in the browser of a sales person."""
    session = as_("sales").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    def opened(path):
        page.goto(live_server.url + path)
        return page

    return opened


def test_a_running_export_is_followed_in_the_list_until_its_file_is_there(visit, sales):
    job = ExportJob.objects.create(kind="csv", state="running", actor=sales)
    page = visit("/exports/")
    row, name = page.locator(f"#export-{job.pk}"), page.locator(f"#export-{job.pk}-name")
    name.focus()
    page.wait_for_selector(f'#export-{job.pk}[hx-get$="n=3"]')
    ExportJob.objects.filter(pk=job.pk).update(state="ready", size=10)
    page.wait_for_selector(f'#export-{job.pk}[data-state="ready"]')
    assert row.get_attribute("hx-get") is None
    assert name.evaluate("link => link === document.activeElement")


def test_an_action_is_followed_on_its_page_until_it_moved(visit, sales):
    line = a_line()
    about = {"basket": line.basket, "line": line, "actor": sales, "nonce": nonce()}
    command = Command.objects.create(kind="update_line", state="recorded", **about)
    page = visit(f"/commands/{command.pk}/")
    page.locator("#withdraw").focus()
    page.wait_for_selector('#command[hx-get$="n=2"]')
    assert page.locator("#withdraw").evaluate("button => button === document.activeElement")
    Command.objects.filter(pk=command.pk).update(state="done")
    page.wait_for_selector('main[data-command-state="done"]')
