"""The error tree of the portal, split by what the caller does next.

PortalError
├── NotAllowed          the person lacks the right: 403
├── NotPossible         our rule: the state forbids it now: 409
├── WorldMoved          what the person looked at is no longer so: 409, old and new shown
├── Invalid             our own check of what was typed: 422, errors by field
├── FileRefused         (KmzError, SheetError) a reader of files does not take it: a code, and values for its sentence
└── CovageError         (quotes/covage/errors.py) what the operator or the way to it did

Nothing here knows Django: the words a person reads are chosen on the web floor.
"""


class PortalError(Exception):
    """Base of everything the portal raises on purpose, so that a caller needs one `except`."""


class NotAllowed(PortalError):
    """The person has no right to this, whatever the state (403)."""

    def __init__(self, permission: str = ""):
        super().__init__(permission)
        self.permission = permission


class NotPossible(PortalError):
    """The state of the object, or a write already under way, forbids this now (409)."""

    def __init__(self, reason: str, *, command=None):
        super().__init__(reason)
        self.reason = reason
        self.command = command


class WorldMoved(PortalError):
    """The price, the state or the decision changed since the page was read (409). `old` and `new` are shown."""

    def __init__(self, reason: str, *, old=None, new=None, command=None):
        super().__init__(reason)
        self.reason, self.old, self.new, self.command = reason, old, new, command


class Invalid(PortalError):
    """What was typed does not do (422). `errors` maps a field name, or "" for the whole form, to messages."""

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__(str(errors))
        self.errors = errors


class FileRefused(PortalError):
    """The file is not taken. `code` is one of its reader's `CODES`; `params` are plain values for the sentence."""

    def __init__(self, code: str, **params):
        super().__init__(code, params)
        self.code, self.params = code, params
