"""Named points of a write at which a test has the process die or freeze, as a power cut or a busy machine would.

PORTAL_CRASH_AT names one (`sending`), or one to freeze at (`sending:stop`). Nothing sets it in production, and without
it `here` does nothing. docs/faults.md lists what must hold after each.
"""

import os
import signal

from covage_portal import env

POINTS = (
    "recording",  # the row is inserted, its transaction not yet committed
    "recorded",  # … committed, nobody has claimed it
    "claimed",
    "checked",  # the fresh readings agree, nothing is sent
    "sending",  # "sending" is committed, no byte has left
    "answered",  # the operator's answer is in memory only
    "settling",  # … and in the database, its transaction not yet committed
    "stored",  # … committed, what comes afterwards is not done
    "reading",  # an uncertain command is claimed for a reading
    "read",  # the reading is in memory only
    "proving",  # … and in the database, its transaction not yet committed
)
AT = env.text("PORTAL_CRASH_AT")


def here(point: str) -> None:
    """Die here, when the environment says so."""
    wanted, _, how = AT.partition(":")
    if wanted == point:
        os.kill(os.getpid(), signal.SIGSTOP if how == "stop" else signal.SIGKILL)
