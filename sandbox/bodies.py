"""What may be sent, field by field as documented, and how a wrong body is refused.

Errors come as Django REST framework writes them: `{field: [messages]}`, `{array: {"0": [messages]}}` for plain
arrays, a list of maps for arrays of objects, `non_field_errors` for a body that is no object.
"""

from typing import Annotated

from django.core.exceptions import ValidationError as DjangoError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date, parse_datetime
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sandbox.door import json_body
from sandbox.models import TEXT
from sandbox.refusals import Refusal

MESSAGES = {
    "missing": "This field is required.",
    "extra_forbidden": "Unexpected field.",
    "string_type": "Not a valid string.",
    "string_unicode": "Not a valid string.",
    "string_too_long": "Ensure this field has no more than {max_length} characters.",
    "string_too_short": "This field may not be blank.",
    "list_type": "Expected a list of items.",
    "too_long": "Ensure this field has no more than {max_length} elements.",
    "model_type": "Invalid data. Expected a dictionary.",
    "value_error": "{error}",
}


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("Null characters are not allowed.")
    return text


def _moment(text: str) -> str:
    """A date or a date and time; kept as written, because the specification does not say which of the two it is."""
    if not (_parsed(parse_date, text) or _parsed(parse_datetime, text)):
        raise ValueError("Date has wrong format. Use YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss][+HH:MM|-HH:MM|Z].")
    return text


def _parsed(parse, text: str):
    try:
        return parse(text)
    except ValueError:
        return None


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError(MESSAGES["string_too_short"])
    return text


def _mail(text: str) -> str:
    try:
        validate_email(text)
    except DjangoError as error:
        raise ValueError("Enter a valid email address.") from error
    return text


Text = Annotated[str, Field(max_length=TEXT), AfterValidator(_storable)]
LongText = Annotated[str, Field(max_length=4000), AfterValidator(_storable)]
Code = Annotated[str, Field(max_length=100), AfterValidator(_storable), AfterValidator(_filled)]
Moment = Annotated[str, Field(max_length=40), AfterValidator(_moment)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Contact(Body):
    """The documentation names no inner field; these are the usual ones of its lineage."""

    name: Text = ""
    email_address: Annotated[Text, AfterValidator(_mail)] = ""
    number: Text = ""
    organization: Text = ""
    role: Text = ""


class BasketBody(Body):
    external_id: Text = ""
    project_id: Text = ""


class LineBody(Body):
    end_customer_name: Text = ""
    external_id: Text = ""
    site_connection_type: Text = ""
    business_sector: Text = ""
    expected_response_date: Moment | None = None
    option_ids: Annotated[list[Code], Field(max_length=50)] = []
    note: LongText = ""
    technical_note: LongText = ""
    product_offerings: Annotated[list[Code], Field(max_length=20)] | None = None
    project_id: Text = ""
    customer_order_name: Text = ""
    business_code: Text = ""
    related_contact_information: Annotated[list[Contact], Field(max_length=2)] | None = None


class NewLine(LineBody):
    product_offering_qualification_item_id: Code


class LineChange(LineBody):
    """`state`, `reference` and `quote_date` are documented; the view takes them only when they change nothing."""

    product_offering_qualification_item_id: Code = ""
    state: Text = ""
    reference: Text = ""
    quote_date: Moment | None = None


class Choice(Body):
    product_id: Code


class Decline(Choice):
    comment: LongText = ""


class CsvFilters(Body):
    reference: Text = ""
    customer_order_name: Text = ""
    end_customer_name: Text = ""
    business_sector: Text = ""
    project_id: Text = ""
    state: Text = ""


def read(request, kind: type[Body]) -> dict:
    """The fields that were sent, checked. Raises Refusal."""
    return check(json_body(request), kind)


def check(data: object, kind: type[Body]) -> dict:
    try:
        return kind.model_validate(data).model_dump(exclude_unset=True)
    except ValidationError as error:
        raise Refusal(400, _shape(error.errors(include_url=False))) from error


def _shape(errors: list[dict]) -> dict:
    tree: dict = {}
    for error in errors:
        _place(tree, error["loc"] or ("non_field_errors",), _message(error))
    contacts = tree.get("related_contact_information")
    if isinstance(contacts, dict):
        tree["related_contact_information"] = [_of_one(contacts.get(str(n), {})) for n in range(int(max(contacts)) + 1)]
    return tree


def _of_one(errors: dict | list) -> dict:
    return {"non_field_errors": errors} if isinstance(errors, list) else errors


def _place(tree: dict, path: tuple, message: str) -> None:
    *parents, last = (str(part) for part in path)
    for part in parents:
        tree = tree.setdefault(part, {})
    tree.setdefault(last, []).append(message)


def _message(error: dict) -> str:
    if error["input"] is None and error["type"] != "missing":
        return "This field may not be null."
    return MESSAGES.get(error["type"], error["msg"]).format(**error.get("ctx", {}))
