"""When a question was put to the operator: what makes its answer older or newer than what is stored."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from quotes.models import Revision


@dataclass(frozen=True)
class Asked:
    at: datetime
    revision: int
    own_write: bool = False  # the answer to our own write is applied whatever was read meanwhile

    @classmethod
    def now(cls, *, own_write: bool = False) -> "Asked":
        """Call it before the request leaves."""
        return cls(timezone.now(), Revision.current(), own_write)

    def is_older_than(self, row) -> bool:
        return not self.own_write and self.revision < row.revision
