"""What is vendored is what was published: no file changed, none unlisted."""

import csv
import hashlib
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"


def rows():
    with (VENDOR / "VENDOR.tsv").open() as listing:
        return list(csv.DictReader(listing, delimiter="\t"))


def test_every_vendored_file_is_the_one_that_was_checked():
    listed = {row["file"]: row["sha256"] for row in rows()}
    assert {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in listed} == listed


def test_every_vendored_file_names_its_version_and_its_tarball():
    assert [row for row in rows() if not row["tarball integrity"].startswith("sha512-")] == []
    assert [row for row in rows() if f"/{row['version']}/" not in row["file"]] == []


def test_every_vendored_file_is_listed():
    there = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert there - {"VENDOR.tsv"} == {row["file"] for row in rows()}


def test_no_script_points_to_a_source_map_that_is_not_there():
    assert not [path for path in VENDOR.rglob("*.js") if "sourceMappingURL" in path.read_text()]
