"""Whatever the operator answers stays text: shown as it came, kept where it belongs, asked for where it should be."""

import pytest
from django.core.management import call_command

from quotes.models import Basket, Line
from tests.cast import COMPLETE, nonce
from tests.pages import places
from tests.pages.reading import read
from tests.pages.test_hostile_text import TEXTS, check, kept

pytestmark = pytest.mark.django_db

SHOWN = ("reference", "external_id", "end_customer_name", "project_id", "note", "business_code", "site_connection_type")
PRODUCTS = ("a/b", "a b?c#d", "%2e%2e%2f", "\"'><canary>", "{{ 6|add:36 }}", "é€", "a;b,c", "accept", "x" * 200)
CLIMBING = ("../../admin", "..", ".", "a/../../b", "..\\b", "a\nb", "\u202eb")


@pytest.fixture
def answered(operator):
    """`answered(text)`: a line of the operator whose every text is that text, read by the portal."""

    def line(text, **fields) -> Line:
        world = operator.world
        made = world.add_line(world.draft(), dict(COMPLETE))
        world.price(made["id"], "2173", "2174")
        made |= dict.fromkeys(SHOWN, text) | {"trace_file": text, "product_offerings": [text], "option_ids": [text]}
        made["related_contact_information"] = [{"name": text, "email": f"{text}@x", text: text}]
        made["offers"][0]["name"] = made["offers"][1]["state"] = text
        world.baskets[made["basket"]] |= {"external_id": text, "project_id": text}
        made |= fields
        call_command("sync_covage", "--full", verbosity=0)
        return Line.objects.get(remote_id=made["id"])

    return line


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_is_shown_as_it_came(text, answered, as_):
    page, told = read(as_("manager").get(f"/lines/{answered(text).pk}/")), kept(text.replace("\0", ""))
    assert page.alive == []
    for name in SHOWN:
        assert kept(page.values[name])[:200] == told[:200], name


@pytest.mark.parametrize("name", ["merged", "long"])
def test_every_page_about_it_is_whole(name, answered, as_, people):
    line = answered(TEXTS[name])
    rows = places.made(people["sales"], "draft") | {"lines": line, "baskets": line.basket}
    for route in places.routes():
        if not route.startswith(("account/", "r/")):
            check(as_("manager").get(places.address(route, rows)))
    for query in ("?q=canary", "?sort=-reference", "?sort=external_id"):
        check(as_("manager").get(f"/lines/{query}"))


@pytest.mark.parametrize("state", ["<b>ready</b>", "READY", "ready ", "", "\"'><canary>", "x" * 5000, "{{ 1 }}"])
def test_a_state_nobody_knows_is_shown_and_lets_nobody_write(state, answered, as_):
    line = answered("plain", state=state)
    page = read(as_("manager").get(f"/lines/{line.pk}/"))
    check(as_("manager").get(f"/lines/{line.pk}/"))
    assert line.state in page.states
    assert line.state == state[:100]
    assert not any(link.endswith(("/accept/", "/decline/", "/edit/", "/delete/")) for link in page.links)
    assert as_("manager").post(f"/lines/{line.pk}/offers/2173/accept/").status_code == 409


@pytest.mark.parametrize("product", PRODUCTS)
def test_an_offer_of_any_product_id_can_be_decided(product, answered, operator, as_):
    made = answered("plain")
    operator.world.line(made.remote_id)["offers"][0] |= {"id": product}
    as_("manager").post(f"/lines/{made.pk}/refresh/")
    client, page = as_("manager"), read(as_("manager").get(f"/lines/{made.pk}/"))
    assert product in page.products
    link = next(link for link in page.links if link.endswith("/accept/"))
    shown = client.get(link)
    check(shown)
    response = client.post(link, read(shown).forms[link])
    check(response)
    assert response.status_code == 303
    assert operator.world.orders == [(made.remote_id, product)]


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_pdf_of_an_offer_is_asked_for_at_its_own_address(product, answered, operator, as_):
    made = answered("plain")
    operator.world.line(made.remote_id)["offers"][0] |= {"id": product}
    client = as_("sales")
    client.post(f"/lines/{made.pk}/refresh/")
    forms = read(client.get(f"/lines/{made.pk}/")).forms
    path = next(path for path in forms if path.endswith("/pdf/") and "/offers/" in path and "2174" not in path)
    assert client.post(path, forms[path]).status_code == 303
    assert len(operator.sent("POST", "/price/[^/]+/export/pdf/$")) == 1


@pytest.mark.parametrize("remote_id", CLIMBING)
def test_an_id_that_leads_elsewhere_is_put_aside(remote_id, answered, operator, as_):
    """No call goes where such an id would lead, and what is beside it is read as ever."""
    good = answered("plain")
    basket = operator.world.draft()
    operator.world.baskets[remote_id] = operator.world.baskets.pop(basket) | {"id": remote_id}
    stray = operator.world.add_line(remote_id, dict(COMPLETE))
    operator.world.lines[remote_id] = operator.world.lines.pop(stray["id"]) | {"id": remote_id}
    operator.requests.clear()
    call_command("sync_covage", "--full", verbosity=0)
    assert not Basket.objects.filter(remote_id=remote_id).exists()
    assert not Line.objects.filter(remote_id=remote_id).exists()
    assert not [path for path in asked(operator) if "admin" in path or ".." in path]
    check(as_("manager").get("/sync/"))
    assert as_("manager").get(f"/lines/{good.pk}/").status_code == 200


def asked(operator) -> list[str]:
    return [request["path"] for request in operator.requests]


@pytest.mark.parametrize("name", TEXTS)
def test_words_of_a_refusal_stay_words(name, operator, as_):
    words = TEXTS[name]
    operator.fail(400, "/quote/$", method="POST", body={"external_id": [words], words[:80]: [words], "detail": words})
    client = as_("sales")
    form = read(client.get("/baskets/new/")).forms[""]
    response = client.post("/baskets/new/", form | {"external_id": "mine"})
    check(response)
    assert response.status_code == 422
    page = read(response)
    assert page.fields["external_id"] == ["mine"]
    assert any(kept(words.replace("\0", "")[:500]) in kept(said) for said in page.errors["external_id"])


def test_a_reference_makes_a_harmless_name_of_a_file(answered, as_, people):
    line = answered("plain", reference='QO"; filename="x.exe\r\nSet-Cookie: canary=1/../..\\é')
    export = places.made(people["sales"], "draft")["exports"]
    export.line = line
    export.save()
    response = as_("sales").get(f"/exports/{export.pk}/file")
    check(response)
    name = response["Content-Disposition"].split("; ")[1]
    assert name == 'filename="QO__ filename=_x.exeSet-Cookie_ canary=1_.._.._e.pdf"'


def test_the_operators_words_are_marked_as_english_and_stay_text(operator, as_):
    operator.fail(400, "/quote/$", method="POST", body={"external_id": ["Already <b>taken</b> 100 %."]})
    answer = as_("sales").post("/baskets/new/", {"nonce": nonce(), "external_id": "A"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert '<span lang="en">Already &lt;b&gt;taken&lt;/b&gt; 100 %.</span>' in html
