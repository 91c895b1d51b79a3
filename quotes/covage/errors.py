"""What the operator, or the way to it, did wrong; split by what the caller does next.

CovageError
├── CovageUnavailable   nothing happened there; trying again later is safe
├── CovageUnclear       a write that may have happened: read before doing anything else
├── CovageRefused       understood and refused; repeating will not help
│   ├── CovageNotFound  404 or 410
│   └── CovageBusy      429 to a write; `retry_after` says when
├── CovageAuthFailed    our credentials, not the person's action
└── CovageBadPayload    a read was answered with success, but cannot be understood

`str(error)` is for the log and holds no body, no query and no secret.
"""

from quotes.errors import PortalError

BODY_KEPT = 64 * 1024


class CovageError(PortalError):
    """`status` is None when no status line came; `body` is text, cut at 64 KiB; `retry_after` is in seconds."""

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        body: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ):
        super().__init__(message)
        self.status, self.body, self.request_id, self.retry_after = status, body[:BODY_KEPT], request_id, retry_after


class CovageUnavailable(CovageError):
    """Nothing was sent, or what failed was only a read. Trying again later is safe."""


class CovageUnclear(CovageError):
    """The first byte of a write went out and no readable answer came back.

    `partial` holds what could be read: a dict when the JSON was whole, text when it was not, else None.
    """

    def __init__(self, message: str = "", *, partial: dict | str | None = None, **context):
        super().__init__(message, **context)
        self.partial = partial


class CovageRefused(CovageError):
    """The operator understood and said no.

    `errors` maps a field to messages: "" for the whole, dotted keys inside arrays and objects
    (`related_contact_information.0.email_address`). Empty when the answer gave no words.
    """

    def __init__(self, message: str = "", *, errors: dict[str, list[str]] | None = None, **context):
        super().__init__(message, **context)
        self.errors = errors or {}


class CovageNotFound(CovageRefused):
    """404 or 410: there is no such thing, or no longer."""


class CovageBusy(CovageRefused):
    """429 to a write: nothing was done, `retry_after` seconds must pass."""


class CovageAuthFailed(CovageError):
    """The service account is refused. Nothing was done; a person must look at the credentials."""


class CovageBadPayload(CovageError):
    """A read answered with success, but what came is not what the specification describes."""
