"""What the palette offers besides searching. Each is a page or a habit that stands elsewhere too."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from quotes.models.mirror import fold
from quotes.services.permissions import may


@dataclass(frozen=True)
class Action:
    """`go` leads to a page; `theme` is set; `click` presses what stands on every page."""

    label: str
    go: str = ""
    theme: str = ""
    click: str = ""
    right: str = ""


ACTIONS = (
    Action(_("New basket"), go="/baskets/new/", right="create"),
    Action(_("To decide"), go="/review/"),
    Action(_("Baskets"), go="/baskets/"),
    Action(_("Lines"), go="/lines/"),
    Action(_("Notices"), go="/notices/"),
    Action(_("Exports"), go="/exports/"),
    Action(_("New export of lines"), go="/lines/export/", right="export"),
    Action(_("Activity"), go="/activity/"),
    Action(_("Synchronisation"), go="/sync/"),
    Action(_("Preferences"), go="/preferences/"),
    Action(_("People"), go="/people/", right="people"),
    Action(_("Change theme: light"), theme="light"),
    Action(_("Change theme: dark"), theme="dark"),
    Action(_("Change theme: as the system"), theme="system"),
    Action(_("Keyboard shortcuts"), click="[data-shortcuts-list]"),
)


def matching(user, text: str) -> list[Action]:
    """Those that this person may do and whose label holds every word of the folded text; all for none."""
    words = text.split()
    allowed = (action for action in ACTIONS if not action.right or may(user, action.right))
    return [action for action in allowed if all(word in fold(str(action.label)) for word in words)]
