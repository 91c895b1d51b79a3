"""The portal's own tables: mirrors of the operator's objects, the journal of writes, the history, files, people."""

from quotes.models.baskets import Basket
from quotes.models.batches import Batch, BatchItem
from quotes.models.commands import Command
from quotes.models.comments import Comment, InternalNote
from quotes.models.drafts import Draft
from quotes.models.events import AuditHead, Event
from quotes.models.exports import ExportJob
from quotes.models.lines import Line, Offer
from quotes.models.mirror import Mirror, Revision
from quotes.models.notices import Notice
from quotes.models.operator import OperatorState, Project, SyncJob
from quotes.models.people import Preference
from quotes.models.rejected import Rejected
from quotes.models.saved_views import SavedView
from quotes.models.traces import Trace

__all__ = [
    "AuditHead",
    "Basket",
    "Batch",
    "BatchItem",
    "Command",
    "Comment",
    "Draft",
    "Event",
    "ExportJob",
    "InternalNote",
    "Line",
    "Mirror",
    "Notice",
    "Offer",
    "OperatorState",
    "Preference",
    "Project",
    "Rejected",
    "Revision",
    "SavedView",
    "SyncJob",
    "Trace",
]
