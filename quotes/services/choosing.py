"""Acts on chosen lines: a PDF of each, or one refusal of their open offers. Each item is an ordinary command."""

from quotes.errors import Invalid, NotPossible, WorldMoved
from quotes.models import Batch, BatchItem, Command, Line, Offer
from quotes.selectors.exports import current_pdf
from quotes.services import batches, decisions, exports
from quotes.services.permissions import require

MOST = 1000  # lines in one go


def pdfs(*, actor, nonce: str, lines: list[Line], bundle: bool) -> Batch:
    """`bundle`: for a ZIP of what is kept here, so only what is missing is asked for."""
    require(actor, "export")
    _chosen(nonce, lines)
    items = [{"line": line} for line in lines]
    return batches.make(actor=actor, kind=Batch.Kind.PDF, nonce=nonce, items=items, detail={"bundle": bundle})


def decline(*, actor, nonce: str, seen: list[tuple[Offer, str]], comment: str, motive: str) -> Batch:
    """`seen`: each offer with the fingerprint of the price on the page that the person confirmed."""
    require(actor, "decline")
    _chosen(nonce, seen)
    items = [
        {"line": offer.line, "product_id": offer.product_id, "fields": {"fingerprint": fingerprint}}
        for offer, fingerprint in seen
    ]
    detail = {"comment": comment, "motive": motive}
    return batches.make(actor=actor, kind=Batch.Kind.DECLINE, nonce=nonce, items=items, detail=detail)


def has_pdf(line: Line) -> bool:
    """Whether the operator can be asked for one: a draft has no answer yet."""
    return bool(line.basket and line.remote_id and not line.is_gone and line.state != "acknowledged")


@batches.does(Batch.Kind.PDF)
def _pdf(item: BatchItem) -> Command | None:
    if item.batch.detail.get("bundle"):
        job = current_pdf(item.line)
        if job or not has_pdf(item.line):
            return job and job.command
    if not has_pdf(item.line):
        raise NotPossible("no_pdf")
    return exports.line_pdf(actor=item.batch.actor, nonce=item.nonce, line=item.line)


@batches.does(Batch.Kind.DECLINE)
def _decline(item: BatchItem) -> Command:
    offer = item.line.offers.filter(product_id=item.product_id).first()
    if offer is None:
        raise NotPossible("state")
    given = {"actor": item.batch.actor, "nonce": item.nonce, "offer": offer, **item.batch.detail}
    try:
        return decisions.decline(fingerprint=item.fields["fingerprint"], **given)
    except WorldMoved as error:
        raise NotPossible(error.reason) from error


def _chosen(nonce, things) -> None:
    if not nonce or not things or len(things) > MOST:
        raise Invalid({"": ["form_incomplete"]})
