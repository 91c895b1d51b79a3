"""The lock files answer the wishes they were made from (`script/lock` makes them again)."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.platform.processes import ROOT


def wishes(name):
    lines = (ROOT / f"{name}.in").read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-c"))]


def locked(name):
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", (ROOT / f"{name}.txt").read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wish_is_locked_to_a_version_it_allows(name):
    versions = locked(name)
    for wish in wishes(name):
        assert wish.specifier.contains(versions[canonicalize_name(wish.name)]), wish


def test_what_both_files_name_has_one_version():
    runtime, development = locked("requirements"), locked("requirements-dev")
    shared = runtime.keys() & development.keys()
    assert {package: runtime[package] for package in shared} == {package: development[package] for package in shared}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_pin_has_a_hash_and_no_index_is_named(name):
    text = (ROOT / f"{name}.txt").read_text()
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z])", text) if "==" in block.split("\n")[0])
    assert "://" not in text
