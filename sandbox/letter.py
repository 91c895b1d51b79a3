"""The file of a PDF export: the operator's answer as a letter."""

import io
from xml.sax.saxutils import escape

from django.utils.timezone import localtime
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from sandbox.models import Line, Offer

NAVY, PALE, RULE = colors.HexColor("#1d3a5f"), colors.HexColor("#eef2f7"), colors.HexColor("#c9d3df")
STYLES = getSampleStyleSheet()
STATES = {"ready": "proposée", "refused": "refusée", "accepted": "acceptée", "expired": "expirée"}
GRID = TableStyle(
    [
        ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
        ("BACKGROUND", (0, 0), (-1, 0), NAVY),
        ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, PALE]),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
)


def write(line: Line, offers: list[Offer]) -> bytes:
    """The operator's answer for one line: who asked, where, and the offers side by side."""
    target = io.BytesIO()
    document = SimpleDocTemplate(target, pagesize=A4, margin=20 * mm, title=f"Réponse {line.reference}", lang="fr")
    document.build([*_heading(line), _request(line), Spacer(1, 8 * mm), *_answer(line, offers)])
    return target.getvalue()


def _heading(line: Line) -> list:
    return [
        Paragraph("Réponse à votre demande de cotation", STYLES["Title"]),
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
    return _table(rows, [55 * mm, 105 * mm])


def _answer(line: Line, offers: list[Offer]) -> list:
    if not offers:
        return [Paragraph("Ce site ne peut pas être raccordé aux offres demandées.", STYLES["Heading3"])]
    rows = [["Offre", *(offer.name for offer in offers)], *_figures(offers)]
    return [
        _table(rows, [40 * mm] + [120 * mm / len(offers)] * len(offers)),
        Spacer(1, 6 * mm),
        Paragraph(f"Proposition valable jusqu'au {_day(line.validity_date)}.", STYLES["Normal"]),
        Paragraph("Document de démonstration, sans valeur contractuelle.", STYLES["Italic"]),
    ]


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
    cells = [head, *([Paragraph(escape(cell), STYLES["BodyText"]) for cell in row] for row in body)]
    return Table(cells, colWidths=widths, style=GRID, repeatRows=1)


def _euros(amount) -> str:
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",")


def _day(moment) -> str:
    return f"{localtime(moment):%d/%m/%Y}"
