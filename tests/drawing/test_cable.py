import xml.etree.ElementTree as ET

from django.utils import translation

from quotes.drawing import draw_outage

FINE = {"you": "connected", "portal": "running", "operator": "answers"}
CUT = ("Cut since 13:40", "24 minutes")


def pictures(**options):
    return ET.fromstring(draw_outage(**options)).findall("svg")


def classes(svg):
    return [element.get("class") for element in svg.iter() if element.get("class")]


def words(svg):
    return [element.text for element in svg.iter("text")]


def test_a_whole_cable_has_three_filled_nodes_and_no_cut():
    for svg in pictures(**FINE):
        assert classes(svg).count("dw-done") == 3
        assert not {"dw-cross", "dw-todo", "dw-way dw-broken"} & set(classes(svg))


def test_a_cut_cable_ends_before_the_operator():
    for svg in pictures(**FINE | {"operator": "does not answer"}, cut=CUT):
        assert classes(svg).count("dw-done") == 2
        assert {"dw-cross", "dw-todo", "dw-way dw-broken"} <= set(classes(svg))
        said = [word for word in words(svg) if word in (*CUT, "does not answer", "connected", "running")]
        assert sorted(said) == sorted([*CUT, "does not answer", "connected", "running"])


def test_it_is_told_in_words_too():
    with translation.override("en-gb"):
        broad, slim = pictures(**FINE, cut=CUT)
    assert broad.find("desc").text == slim.find("desc").text
    assert "Cut since 13:40: 24 minutes. The operator: answers" in broad.find("desc").text


def test_long_words_break_on_the_narrow_one():
    _broad, slim = pictures(**FINE | {"operator": "does not answer, the portal tries again at 14:06"})
    assert words(slim)[-2:] == ["does not answer, the portal tries", "again at 14:06"]


def test_hostile_words_stay_text():
    markup = draw_outage(**FINE | {"operator": "<script>1</script>"}, cut=("<b>", "&"))
    assert "<script" not in markup
    assert "<script>1</script>" in words(ET.fromstring(markup))
