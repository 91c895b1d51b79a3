"""What the strict content policy and the budget of a first visit ask of the files themselves."""

import gzip
import re
from pathlib import Path

import django_htmx

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"""\sstyle=|<style|\son[a-z]+=|\shx-on|javascript:|href="#"|\shx-vars|hx-[a-z]+="js:|hx-disabled-elt"""
)


def test_no_template_carries_anything_inline():
    wrong = {str(path.relative_to(ROOT)): INLINE.findall(path.read_text()) for path in TEMPLATES}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_scripts_come_from_files_only():
    assert [path for path in TEMPLATES if re.search(r"<script(?![^>]*\bsrc=)", path.read_text())] == []


def test_the_style_sheet_fetches_from_the_portal_only():
    css = (ROOT / "static/css/portal.css").read_text()
    targets = re.findall(r"url\(\"?([^)\"]+)", css)
    assert targets and all((ROOT / "static/css" / target).is_file() for target in targets)
    assert "@import" not in css


def test_own_script_is_small_and_evaluates_nothing():
    script = (ROOT / "static/js/app.js").read_bytes()
    assert len(gzip.compress(script, 9)) < 6 * 1024
    assert not re.search(rb"\beval\(|new Function|innerHTML", script)


def test_a_first_visit_stays_under_a_hundred_kilobytes():
    static, htmx = ROOT / "static", Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    text = [
        static / "css/portal.css",
        static / "js/app.js",
        static / "vendor/idiomorph/0.8.0/idiomorph-ext.min.js",
        htmx,
    ]
    font = static / "vendor/source-sans-3/5.3.1/source-sans-3-latin-wght-normal.woff2"
    page = 12 * 1024  # more than any page of the portal, compressed
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in text) + font.stat().st_size + page < 100 * 1000
