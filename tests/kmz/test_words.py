import pytest

from quotes.forms import kmz_words
from quotes.kmz import CODES, NOTES, KmzError, read_kmz
from tests.kmz_files import kml, placemark, zipped


def test_every_code_and_every_note_has_its_sentence():
    assert set(kmz_words.SENTENCES) == CODES
    assert set(kmz_words.NOTES) == NOTES


def test_a_bad_position_is_quoted():
    with pytest.raises(KmzError) as refusal:
        read_kmz(zipped({"doc.kml": kml(placemark("1,2 200,3"))}), "route.kmz")
    assert "200,3" in kmz_words.sentence(refusal.value)


def test_stored_notes_of_another_version_are_passed_over():
    assert len(kmz_words.notes(["remote_link_ignored", "from_the_future"])) == 1
