"""The file of a PDF export: the operator's answer as a letter."""

import io
from xml.sax.saxutils import escape

from django.utils.timezone import localtime
from reportlab.lib import colors
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from sandbox.models import Line, Offer

NAVY, PALE, RULE = colors.HexColor("#1d3a5f"), colors.HexColor("#eef2f7"), colors.HexColor("#c9d3df")
STYLES = getSampleStyleSheet()
TITLE = ParagraphStyle("Letter", STYLES["Title"], alignment=TA_LEFT, textColor=NAVY)
HEAD = ParagraphStyle("Head", STYLES["BodyText"], fontName="Helvetica-Bold", textColor=colors.white)
SIDE_BY_SIDE = 3
STATES = {"ready": "proposée", "refused": "refusée", "accepted": "acceptée", "expired": "expirée"}
GRID = TableStyle(
    [
        ("BACKGROUND", (0, 0), (-1, 0), NAVY),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, PALE]),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
)


def write(line: Line, offers: list[Offer]) -> bytes:
    """The operator's answer for one line: who asked, where, and the offers side by side."""
    target = io.BytesIO()
    document = SimpleDocTemplate(target, pagesize=A4, title=f"Réponse {line.reference}", lang="fr")
    document.build([*_heading(line), _request(line), *_answer(line, offers)])
    return target.getvalue()


def _heading(line: Line) -> list:
    return [
        Paragraph("Opérateur de fibre, bac à sable", STYLES["Normal"]),
        Paragraph("Réponse à votre demande de cotation", TITLE),
        Paragraph(f"Référence <b>{line.reference}</b>, réponse du {_day(line.response_date)}", STYLES["Normal"]),
        Spacer(1, 6 * mm),
    ]


def _request(line: Line) -> Table:
    rows = [
        ["Demande", ""],
        ["Client final", line.end_customer_name],
        ["Site", line.site.address["label"] if line.site else "non communiqué"],
        ["Raccordement", line.site_connection_type],
        ["Projet", line.project_id or "aucun"],
        ["Responsable régional", (line.manager_regional or {}).get("name", "")],
    ]
    return _table(rows, [45 * mm, 115 * mm])


def _answer(line: Line, offers: list[Offer]) -> list:
    if not offers:
        return [Paragraph("Ce site ne peut pas être raccordé aux offres demandées.", STYLES["Heading3"])]
    return [
        *(_comparison(offers[start : start + SIDE_BY_SIDE]) for start in range(0, len(offers), SIDE_BY_SIDE)),
        Paragraph(f"Proposition valable jusqu'au {_day(line.validity_date)}.", STYLES["Normal"]),
        Paragraph("Document de démonstration, sans valeur contractuelle.", STYLES["Italic"]),
    ]


def _comparison(offers: list[Offer]) -> Table:
    rows = [["Offre", *(offer.name for offer in offers)], *_figures(offers)]
    return _table(rows, [45 * mm] + [115 * mm / len(offers)] * len(offers))


def _figures(offers: list[Offer]) -> list[list[str]]:
    return [
        ["Produit", *(offer.product_id for offer in offers)],
        ["Abonnement mensuel", *(_euros(offer.monthly_fee) for offer in offers)],
        ["Frais d'accès (FAS)", *(_euros(offer.access_fee) for offer in offers)],
        ["Engagement", *(f"{offer.commitment} mois" for offer in offers)],
        ["Débit garanti", *(f"{offer.bandwidth} Mb/s" for offer in offers)],
        ["GTR", *(offer.gtr for offer in offers)],
        ["Mise en service", *(f"{offer.delivery} semaines" for offer in offers)],
        ["État", *(STATES.get(offer.state, offer.state) for offer in offers)],
    ]


def _table(rows: list[list[str]], widths: list[float]) -> Table:
    head, *body = rows
    cells = [_cells(head, HEAD), *(_cells(row, STYLES["BodyText"]) for row in body)]
    return Table(cells, colWidths=widths, style=GRID, repeatRows=1, spaceAfter=6 * mm, hAlign="LEFT")


def _cells(row: list[str], style: ParagraphStyle) -> list[Paragraph]:
    return [Paragraph(escape(text), style) for text in row]


def _euros(amount) -> str:
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",")


def _day(moment) -> str:
    return f"{localtime(moment):%d/%m/%Y}"
