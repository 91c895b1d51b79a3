"""What may be ordered from the desk, field by field. A form sends text, so numbers are read from text here."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sandbox.backoffice import FATES
from sandbox.door import json_body
from sandbox.options import size
from sandbox.refusals import Refusal

YEARS = 10 * 366 * 86400


def _answerable(status: int) -> int:
    if status and not 200 <= status <= 599:
        raise ValueError("0 or a status from 200 to 599.")
    return status


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Clock(Body):
    """`factor` times as fast, after a jump of `shift` seconds; `real` goes back to the real time first."""

    factor: float | None = Field(None, ge=0, le=100_000)
    shift: float = Field(0, ge=-YEARS, le=YEARS)
    real: bool = False


class Latency(Body):
    seconds: float = Field(ge=0, le=600)


class Delays(Body):
    """Seconds until prices come and until exports end; one that is left out stays as it is."""

    quote: float | None = Field(None, ge=0, le=10**7)
    export: float | None = Field(None, ge=0, le=10**7)


class Destiny(Body):
    fate: Literal[("", *FATES)] = ""


class Misbehave(Body):
    """`path` may hold `*`; no `status` only slows; status 0 closes the connection without an answer."""

    method: Literal["", "GET", "POST", "PATCH", "DELETE"] = ""
    path: str = "*"
    status: Annotated[int, AfterValidator(_answerable)] | None = None
    after: bool = False
    times: int = Field(1, ge=1, le=100_000)
    delay: float = Field(0, ge=0, le=600)
    headers: dict[str, str] = {}
    body: str = ""


def read(request, kind: type[Body]) -> Body:
    """The order in a JSON body or a form; fields left empty in a form count as not given. Raises Refusal."""
    try:
        return kind.model_validate(_given(request))
    except ValidationError as error:
        raise Refusal(400, {".".join(map(str, each["loc"])): [each["msg"]] for each in error.errors()}) from error


def read_size(request) -> int | None:
    """The wanted size of the demo data, as on the command line; None when none was given."""
    wanted = str(_given(request).get("size", ""))
    if not wanted:
        return None
    if not re.fullmatch(r"small|medium|large|\d{1,5}", wanted):
        raise Refusal(400, {"size": ["small, medium, large or a number of baskets."]})
    return size(wanted)


def _given(request) -> dict:
    if is_form(request):
        return {name: value for name, value in request.POST.items() if value != ""}
    data = json_body(request)
    if not isinstance(data, dict):
        raise Refusal(400, {"non_field_errors": ["Invalid data. Expected a dictionary."]})
    return data


def is_form(request) -> bool:
    return request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
