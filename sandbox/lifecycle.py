"""The states of the specification and what they allow."""

from sandbox.models import Basket
from sandbox.refusals import conflict

DECIDED = {"accepted", "refused", "expired"}


def basket_state(lines: list[str]) -> str:
    """The state of a confirmed basket, from the states of its lines."""
    waiting, ready = lines.count("confirmed"), lines.count("ready")
    if waiting:
        return "partial_ready" if waiting < len(lines) else "confirmed"
    if not ready:
        return "finalized"
    return "partial_finalized" if DECIDED & set(lines) else "ready"


def refresh(basket: Basket) -> None:
    basket.state = basket_state(list(basket.lines.values_list("state", flat=True)))
    basket.save(update_fields=["state"])


def require_draft(basket: Basket) -> None:
    """Everything about a basket and its lines may change until it is confirmed, nothing afterwards."""
    if basket.state != "acknowledged":
        raise conflict(f"The quotation basket is {basket.state} and can no longer be changed.")
