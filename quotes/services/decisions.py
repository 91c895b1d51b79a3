"""Accept, decline, restore: what a person decides on an offer. An accept is an order.

An accept is sent once, ever; within two minutes of the click; after a fresh reading shows the price that was seen.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from quotes import covage
from quotes.covage import CovageBadPayload
from quotes.covage.values import as_identity
from quotes.errors import Invalid, NotPossible, WorldMoved
from quotes.models import Command, Line, Offer
from quotes.models.commands import DECISIONS, Kind
from quotes.services import recording, sender
from quotes.services.acts import Act, Proof, Verdict, act
from quotes.services.baskets import known_id
from quotes.services.permissions import require
from quotes.sync import store, watch
from quotes.sync.asked import Asked

ORDER_IDS = ("product_order_id", "product_order_item_id")


def accept(*, actor, nonce: str, offer: Offer, fingerprint: str) -> Command:
    """PATCH /quote_item/{id}/accept/. `fingerprint`: the price on the page that the person confirmed."""
    require(actor, Kind.ACCEPT)
    if not fingerprint:
        raise Invalid({"": ["form_incomplete"]})
    late = timezone.now() + timedelta(seconds=settings.SYNC["accept"])
    return _decide(Kind.ACCEPT, actor, nonce, offer, fingerprint=fingerprint, not_after=late)


def decline(*, actor, nonce: str, offer: Offer, comment: str = "", motive: str = "", fingerprint: str = "") -> Command:
    """PATCH /quote_item/{id}/decline/ with the comment, which the operator sees. `fingerprint`: as with `accept`.

    `motive`: a code of `quotes.services.words.MOTIVES`; the specification has no field for it, so it stays here.
    """
    params = {"comment": comment} if comment else {}
    return _decide(Kind.DECLINE, actor, nonce, offer, params=params, fingerprint=fingerprint, motive=motive)


def restore(*, actor, nonce: str, offer: Offer) -> Command:
    """PATCH /quote_item/{id}/restore_price/."""
    return _decide(Kind.RESTORE, actor, nonce, offer)


def accepted_by(line: Line) -> Command | None:
    """The accept that holds this line: done, under way, or waiting for a person."""
    return line.commands.accepts_with_effect().select_related("actor").first()


def last_on(offer: Offer) -> Command | None:
    """The newest decision on this offer that was done from here, or the accept that decided its line."""
    decided = offer.line.commands.filter(kind__in=DECISIONS, state="done")
    return decided.filter(Q(product_id=offer.product_id) | Q(kind=Kind.ACCEPT)).select_related("actor").first()


def under_way(line: Line) -> Command | None:
    """The write on this line whose end is not known yet; it holds every other decision back."""
    return line.commands.pending_writes().select_related("actor").order_by("recorded_at").first()


def _decide(kind, actor, nonce, offer, *, params=None, fingerprint="", not_after=None, motive="") -> Command:
    require(actor, kind)
    fields = {
        "kind": kind,
        "nonce": nonce,
        "actor": actor,
        "params": {"product_id": offer.product_id, **(params or {})},
    }
    line = offer.line

    def insert():
        allowed(kind, offer)
        if fingerprint and fingerprint != offer.fingerprint:
            raise WorldMoved("price_moved", new=offer)
        return recording.record(
            basket=line.basket,
            line=line,
            product_id=offer.product_id,
            fingerprint=fingerprint,
            before={"payload": offer.payload, "state": offer.state, "line_state": line.state},
            not_after=not_after,
            motive=motive,
            **fields,
        )

    try:
        command, new = recording.once(insert=insert, **fields)
    except IntegrityError as clash:
        raise NotPossible("decided", command=accepted_by(line)) from clash
    return sender.run_now(command) if new else command


def allowed(kind: str, offer: Offer) -> None:
    """Raises NotPossible when another decision holds the line, or its state forbids this one."""
    line = offer.line
    other = accepted_by(line)
    if other:
        raise NotPossible("decided", command=other)
    other = under_way(line)
    if other:
        raise NotPossible("under_way", command=other)
    if not line.offer_allows(kind, offer):
        raise NotPossible("state")


class Decision(Act):
    """What the three have in common: a fresh reading first, and the offer's state as proof."""

    result_state: str

    def offer(self, command) -> Offer:
        return command.line.offers.get(product_id=command.product_id)

    def prepare(self, client, command):
        """The line as the operator has it now must still allow it, at the price that was seen."""
        asked = Asked.now()
        answer = client.get_line(known_id(command.line))
        if not (answer.state and answer.has("prices")):
            raise CovageBadPayload("a line without state or prices")
        line = store.line(answer, asked)
        offer = line.offers.filter(product_id=command.product_id).first()
        if offer is None or not line.offer_allows(self.kind, offer):
            raise WorldMoved("state_moved")
        if command.fingerprint and offer.fingerprint != command.fingerprint:
            raise WorldMoved("price_moved")

    def proof(self, client, command):
        answer = client.get_line(command.line.remote_id)
        if not answer.state:
            return Proof(Verdict.UNREADABLE)
        offer = next((o for o in answer.offers if o.product_id == command.product_id), None)
        return Proof(self.verdict(answer, offer.state if offer else ""), answer)

    def verdict(self, answer: covage.Line, offer_state: str) -> Verdict:
        raise NotImplementedError

    def answered(self, command, answer, asked):
        store.line(answer, asked, into=command.line)


_OFFER = Offer.objects.filter(line=OuterRef("line"), product_id=OuterRef("product_id"))
_ACCEPT = Command.objects.accepts_with_effect().filter(line=OuterRef("line"))


@act
class Accept(Decision):
    kind = permission = Kind.ACCEPT
    quiet = "quiet_accept"
    readings = 3
    # An order that shows after all may be ours or somebody else's: a person must look.
    late = Q(line__state="accepted") & Exists(_OFFER.filter(state__in=("", "accepted"))) & ~Exists(_ACCEPT)
    late_state = "needs_person"

    def send(self, client, command):
        return client.accept(command.line.remote_id, command.product_id)

    def verdict(self, answer, offer_state):
        """`accepted` proves an order; of which product, only a state of the offer itself can tell."""
        if answer.state == "accepted" or offer_state == "accepted":
            others = [o for o in answer.offers if o.state == "accepted"]
            wrong_one = others and offer_state != "accepted"
            return Verdict.CONTRADICTION if wrong_one else Verdict.HAPPENED
        return Verdict.NOT_YET if answer.state == "ready" else Verdict.CONTRADICTION

    def result(self, answer):
        return {name: getattr(answer, name) for name in ORDER_IDS}

    def partial(self, answer):
        """One of the two ids, when it came in a whole object."""
        found = answer if isinstance(answer, dict) else {}
        return {name: as_identity(found[name]) for name in ORDER_IDS if as_identity(found.get(name))}

    def gap(self, result):
        return "" if all(result.get(name) for name in ORDER_IDS) else "order_ids"

    def answered(self, command, answer, asked):
        """The answer holds the order's ids only; `afterwards` reads what became of the line."""

    def proven(self, command, proof, asked):
        store.line(proof.answer, asked, into=command.line)

    def afterwards(self, client, command):
        watch.read_line(client, command.line)


@act
class Decline(Decision):
    kind = permission = Kind.DECLINE

    def send(self, client, command):
        return client.decline(command.line.remote_id, command.product_id, command.params.get("comment", ""))

    def verdict(self, answer, offer_state):
        if offer_state:
            return _shows(offer_state, after="refused", before="ready")
        return Verdict.HAPPENED if answer.state == "refused" else Verdict.UNDECIDABLE


@act
class Restore(Decision):
    kind = permission = Kind.RESTORE

    def send(self, client, command):
        return client.restore(command.line.remote_id, command.product_id)

    def verdict(self, answer, offer_state):
        if offer_state:
            return _shows(offer_state, after="ready", before="refused")
        return Verdict.NOT_YET if answer.state == "refused" else Verdict.UNDECIDABLE


def _shows(offer_state: str, *, after: str, before: str) -> Verdict:
    """Any other state comes from something else that happened to the offer, and tells nothing of this."""
    return {after: Verdict.HAPPENED, before: Verdict.NOT_YET}.get(offer_state, Verdict.UNDECIDABLE)
