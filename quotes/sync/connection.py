"""The client of the operator, wired to the portal's settings, token row and gate."""

from django.conf import settings

from quotes.covage import Config, CovageClient
from quotes.sync.budget import DatabaseGate
from quotes.sync.tokens import DatabaseTokens


def connect(*, within: float | None = None, urgent: bool = False, request_id: str | None = None) -> CovageClient:
    """A client for one piece of work.

    `within`: seconds that all its calls together may take. `urgent`: a person waits, so the call budget of the
    background does not hold it back.
    """
    config = Config(
        api_url=settings.COVAGE_API_URL,
        token_url=settings.COVAGE_TOKEN_URL,
        client_id=settings.COVAGE_CLIENT_ID,
        username=settings.COVAGE_USERNAME,
        password=settings.COVAGE_PASSWORD,
        connect_timeout=settings.COVAGE_CONNECT_TIMEOUT,
        read_timeout=settings.COVAGE_READ_TIMEOUT,
        total_timeout=settings.COVAGE_TOTAL_TIMEOUT,
        user_agent=settings.COVAGE_USER_AGENT,
    )
    return CovageClient(
        config, tokens=DatabaseTokens(), gate=DatabaseGate(), within=within, urgent=urgent, request_id=request_id
    )
