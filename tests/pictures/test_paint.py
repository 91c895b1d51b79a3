"""The painter of PDF pages: a few pictures of an honest document, nothing of any other, and never without end."""

import io

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from quotes.pictures import PAINTED, paint


def a_pdf(pages: int = 1, size=(595, 842)) -> bytes:
    made = io.BytesIO()
    sheet = canvas.Canvas(made, pagesize=size)
    for number in range(pages):
        sheet.drawString(20, 20, f"Page {number}")
        sheet.showPage()
    sheet.save()
    return made.getvalue()


def test_the_first_pages_are_painted_and_all_are_counted():
    found = paint(a_pdf(PAINTED + 2))
    assert (found.pages, len(found.painted)) == (PAINTED + 2, PAINTED)
    assert Image.open(io.BytesIO(found.painted[0])).size == (1000, 1416)


@pytest.mark.parametrize("size", [(14_400, 20), (20, 14_400), (14_400, 14_400)])
def test_a_page_of_any_size_becomes_a_picture_of_ours(size):
    width, height = Image.open(io.BytesIO(paint(a_pdf(1, size)).painted[0])).size
    assert width <= 1001 and height <= 1501


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
        a_pdf()[:200],
        b"%PDF-1.4\n" + b"\xff" * 9999,
    ],
)
def test_what_is_no_document_gives_no_picture(data):
    assert paint(data) is None
