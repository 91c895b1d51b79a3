"""The operator's API. The only package that speaks HTTP; it knows nothing of Django, models or settings."""

from quotes.covage.amounts import Amount, PriceView, read_price
from quotes.covage.client import CovageClient
from quotes.covage.config import Config
from quotes.covage.errors import (
    CovageAuthFailed,
    CovageBadPayload,
    CovageBusy,
    CovageError,
    CovageNotFound,
    CovageRefused,
    CovageUnavailable,
    CovageUnclear,
)
from quotes.covage.gate import Call, Gate, OpenGate
from quotes.covage.pages import Walk
from quotes.covage.payloads import Accepted, Basket, ExportStatus, File, Line, Page, Project
from quotes.covage.prices import Offer, fingerprint, read_offers
from quotes.covage.tokens import MemoryTokens, Token, TokenStore

__all__ = [
    "Accepted",
    "Amount",
    "Basket",
    "Call",
    "Config",
    "CovageAuthFailed",
    "CovageBadPayload",
    "CovageBusy",
    "CovageClient",
    "CovageError",
    "CovageNotFound",
    "CovageRefused",
    "CovageUnavailable",
    "CovageUnclear",
    "ExportStatus",
    "File",
    "Gate",
    "Line",
    "MemoryTokens",
    "Offer",
    "OpenGate",
    "Page",
    "PriceView",
    "Project",
    "Token",
    "TokenStore",
    "Walk",
    "fingerprint",
    "read_offers",
    "read_price",
]
