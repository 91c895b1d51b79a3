"""The guarded painter of PDF pages: hostile bytes in, plain PNG pictures out.

Pure Python: knows nothing of Django. A PDF comes from elsewhere and its reader is a large library in C, so the reading
is done in a process of its own (`painter.py`) with little time, little memory and nothing to write but its pictures.
"""

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PAINTED = 4  # pages; the file itself is one click away
SECONDS = 12

_PAINTER = Path(__file__).with_name("painter.py")


@dataclass(frozen=True)
class Pictures:
    pages: int  # of the whole document
    painted: tuple[bytes, ...]  # PNG, the first pages


def paint(data: bytes) -> Pictures | None:
    """None when the document cannot be read within the limits."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, no argument comes from outside
                [sys.executable, "-I", str(_PAINTER), folder, str(PAINTED)],
                input=data, capture_output=True, timeout=SECONDS, cwd=folder, env={},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
        if done.returncode or not done.stdout.strip().isdigit():
            return None
        files = sorted(Path(folder).glob("*.png"))
        return Pictures(int(done.stdout), tuple(file.read_bytes() for file in files))
