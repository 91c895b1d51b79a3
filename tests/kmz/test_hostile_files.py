import pytest

from quotes.forms import kmz_words
from quotes.kmz import CODES, KmzError, read_kmz

from .hostile import CASES


@pytest.mark.parametrize(("code", "build"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_hostile_file_is_refused_for_its_own_reason_in_a_whole_sentence(code, build):
    with pytest.raises(KmzError) as refusal:
        read_kmz(build(), "route.kmz")
    assert refusal.value.code == code
    words = kmz_words.sentence(refusal.value)
    assert words.endswith(".")
    assert "%(" not in words


@pytest.mark.parametrize("name", ["a.kmz.exe", "a.kml", "", ".", "kmz", "a.kmz\0.html", "a.kmz/"])
def test_a_name_that_does_not_end_in_kmz_is_refused(name):
    with pytest.raises(KmzError) as refusal:
        read_kmz(b"", name)
    assert refusal.value.code == "file_name"


def test_every_code_is_provoked():
    assert {case[1] for case in CASES} | {"file_name"} == CODES
