"""The first pages of an export's PDF as pictures, made once when the file arrives and kept beside it."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from quotes.models import ExportJob
from quotes.pictures import PAINTED, paint


def make(job: ExportJob, data: bytes) -> int | None:
    """Returns how many pages the PDF has; None when it cannot be painted, which takes nothing from the file."""
    found = paint(data)
    if found is None:
        return None
    for number, picture in enumerate(found.painted, 1):
        default_storage.delete(_place(job, number))
        default_storage.save(_place(job, number), ContentFile(picture))
    return found.pages


def numbers(job: ExportJob) -> range:
    """The pages of which there is a picture."""
    return range(1, min(job.pages or 0, PAINTED) + 1) if job.state == "ready" else range(0)


def picture(job: ExportJob, number: int) -> bytes | None:
    if number not in numbers(job):
        return None
    try:
        with default_storage.open(_place(job, number)) as kept:
            return kept.read()
    except FileNotFoundError:
        return None


def remove(job: ExportJob) -> None:
    for number in range(1, PAINTED + 1):
        default_storage.delete(_place(job, number))


def _place(job: ExportJob, number: int) -> str:
    return f"exports/{job.pk}.{number}.png"
