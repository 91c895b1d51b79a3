"""Which column of an uploaded table is which of our fields: what there is to choose, and what a heading suggests."""

import re
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from quotes.forms.fields import CONTACT_KEYS, CONTACT_LABELS, CONTACTS, TextsField
from quotes.forms.lines import LineForm
from quotes.models.mirror import fold

CONTACT = "related_contact_information"
FIELDS = [name for name in LineForm.base_fields if name not in ("nonce", "seen", CONTACT)]
CONTACT_TARGETS = [f"{CONTACT}-{number}-{key}" for number in range(CONTACTS) for key in CONTACT_KEYS]
TARGETS = FIELDS + CONTACT_TARGETS  # named like the inputs of the line form
ARRAYS = {name for name in FIELDS if isinstance(LineForm.base_fields[name], TextsField)}
NEEDED, DAY = "product_offering_qualification_item_id", "expected_response_date"

# Headings that people write, beside the field's names in both languages and in the specification.
_ALSO = {
    NEEDED: "qualification; id qualification; identifiant de qualification; id eligibilite; eligibility id",
    "end_customer_name": "client; customer; nom client; nom du client; raison sociale; customer name; site",
    "external_id": "reference; ref; reference externe; reference interne; reference client; id externe",
    "business_sector": "secteur; sector; secteur d activite",
    "customer_order_name": "commande; nom commande; nom de commande; order",
    "business_code": "code affaire; affaire; code business",
    "project_id": "projet; project; code projet; id projet",
    "site_connection_type": "raccordement; type raccordement; type de raccordement; connection",
    "product_offerings": "offre; offres; offer; offers; produit; produits; product; products",
    "option_ids": "option; options",
    DAY: "date souhaitee; reponse souhaitee; date de reponse; date de reponse souhaitee; wanted by; echeance",
    "note": "commentaire; commentaires; remarque; remarques; comment; comments; notes",
    "technical_note": "note technique; commentaire technique",
}
_PARTS = {
    "email_address": {"mail", "email", "courriel"},
    "number": {"tel", "telephone", "phone", "mobile", "portable"},
    "organization": {"organisation", "organization"},
    "role": {"role", "fonction"},
    "name": {"nom", "name", "contact"},
}


def label(target: str) -> str:
    if target in FIELDS:
        return str(LineForm.base_fields[target].label)
    number, key = target.removeprefix(f"{CONTACT}-").split("-")
    return _("Contact %(n)d: %(part)s") % {"n": int(number) + 1, "part": CONTACT_LABELS[key]}


def objection(target: str, words: str) -> str:
    """What is wrong, behind the name of its field."""
    return _("%(label)s: %(error)s") % {"label": label(target), "error": words}


def choices() -> list:
    """For a select of one column."""
    contacts = [(target, label(target)) for target in CONTACT_TARGETS]
    return [("", _("Leave it out")), *((name, label(name)) for name in FIELDS), (_("Contacts"), contacts)]


def headings(table, header: int) -> list[str]:
    """Of every column that holds something; without a row of headings the spreadsheet's letters."""
    width = max(len(row) for row in table.rows)
    if not header:
        return [letters(column) for column in range(width)]
    return [" ".join(table.cell(header, column).split()) for column in range(width)]


def letters(column: int) -> str:
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def guess_header(table) -> int:
    """The row that reads most like headings; the first that is not blank when none does."""
    rows = [(number, row) for number, row in enumerate(table.rows[:20], 1) if any(row)]
    best = max(rows, key=lambda numbered: len(set(guess(numbered[1]).values())))
    return best[0]


def guess(found: list[str]) -> dict[int, str]:
    """Column to field, as its heading suggests. A field that takes one column gets the first."""
    taken: dict[int, str] = {}
    for column, heading in enumerate(found):
        target = _meant(heading)
        if target and (target in ARRAYS or target not in taken.values()):
            taken[column] = target
    return taken


def _meant(heading: str) -> str:
    """A number behind it ("Offre 2") means one of several columns, which only an array has."""
    text = _plain(heading)
    if found := _known().get(text):
        return found
    array = _known().get(re.sub(r"\s*\d+$", "", text), "")
    return array if array in ARRAYS else _contact(text)


def _contact(text: str) -> str:
    words = set(text.split())
    if not words & ({"contact"} | _PARTS["email_address"] | _PARTS["number"]):
        return ""
    key = next(key for key, names in _PARTS.items() if words & names)
    return f"{CONTACT}-{1 if '2' in words else 0}-{key}"


@cache
def _known() -> dict[str, str]:
    found = {}
    for target in TARGETS:
        names = [target, *_ALSO.get(target, "").split(";")]
        for code, _name in settings.LANGUAGES:
            with override(code):
                names.append(label(target))
        for name in names:
            found.setdefault(_plain(name), target)
    return found


def _plain(text: str) -> str:
    """Letters and digits alone, without case and accents: “N° de Réf.” and “no de ref” are one."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(text).replace("e-mail", "email")))
