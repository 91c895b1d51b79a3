"""GET /referential/project, from the public reference pages."""

import pytest


def codes(api, path: str = "referential/project", **query) -> set[str]:
    return {project["code"] for project in api.get(path, **query).json()["results"]}


def test_projects_have_the_documented_fields(api):
    answer = api.get("referential/project")
    assert answer.status_code == 200
    assert set(answer.json()["results"][0]) == {"code", "active", "start_date", "end_date", "code_client"}
    assert codes(api) >= {"FLASH", "LOGIS", "ECOLES 2026"}


def test_the_slash_is_optional_here(api):
    assert codes(api, "referential/project/") == codes(api)


@pytest.mark.parametrize(("active", "other"), [("true", "false"), ("false", "true")])
def test_projects_are_filtered_by_activity(api, active, other):
    assert codes(api, active=active) == codes(api) - codes(api, active=other)
    assert codes(api, active=active)


def test_projects_are_filtered_by_code(api):
    assert codes(api, code="flash") == {"FLASH"}


def test_projects_are_for_holders_of_a_token(api):
    api.session.headers.pop("Authorization")
    assert api.get("referential/project").status_code == 401
