"""The cable route of a line: checked and kept here first, byte for byte, then sent to the operator."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from quotes.covage import CovageNotFound
from quotes.errors import Invalid
from quotes.kmz import KmzError, read_kmz
from quotes.models import Command, Line, Trace
from quotes.models.commands import Kind
from quotes.services import files, recording, sender
from quotes.services.acts import Proof, Verdict, act
from quotes.services.baskets import known_id
from quotes.services.lines import LineAct, allowed
from quotes.services.permissions import require
from quotes.sync import store, watch
from quotes.sync.connection import connect

LARGEST = 10 * 1024 * 1024  # bytes of an upload
LOOKED_AT_FOR = timedelta(days=1)


def upload(*, actor, nonce: str, line: Line, name: str, data: bytes) -> Command:
    """POST …/trace/upload/ of a file that passed `check`. Raises Invalid with a code of quotes.kmz."""
    require(actor, "trace")
    found = check(name, data)
    params = {"name": file_name(name), "sha256": hashlib.sha256(data).hexdigest()}
    fields = {"kind": Kind.UPLOAD_TRACE, "nonce": nonce, "actor": actor, "params": params}

    def insert():
        allowed(line, "trace")
        trace = keep(line, name, data, found, actor=actor)
        before = {"trace_file": line.value("trace_file"), "trace": str(trace.pk)}
        return recording.record(basket=line.basket, line=line, before=before, **fields)

    command, new = recording.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def put_aside(*, actor, line: Line, name: str, data: bytes) -> Trace:
    """Check a file and keep it for its owner to look at before it is sent. Raises Invalid with a code of quotes.kmz."""
    require(actor, "trace")
    allowed(line, "trace")
    found = check(name, data)
    _clear_away()
    return keep(line, name, data, found, actor=actor, state="checked")


def _clear_away() -> None:
    """What was only looked at is kept long enough for the form beside it to be sent."""
    for trace in Trace.objects.filter(state="checked", added_at__lt=timezone.now() - LOOKED_AT_FOR)[:20]:
        trace.file.delete(save=False)
        trace.delete()


def send_again(*, actor, nonce: str, version: Trace) -> Command:
    """An ordinary upload of the bytes of a version that is kept here. Raises Invalid with a code of quotes.kmz."""
    with version.file.open() as file:
        data = file.read()
    return upload(actor=actor, nonce=nonce, line=version.line, name=version.name, data=data)


def remove(*, actor, nonce: str, line: Line) -> Command:
    """DELETE …/trace/. Our copies stay, marked removed."""
    require(actor, "trace")
    fields = {"kind": Kind.DELETE_TRACE, "nonce": nonce, "actor": actor, "params": {}}

    def insert():
        allowed(line, "trace")
        return recording.record(basket=line.basket, line=line, **fields)

    command, new = recording.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def check(name: str, data: bytes):
    """The geometry of a KMZ. Raises Invalid: {"file": [code of quotes.kmz]}, the KmzError as its cause."""
    try:
        return read_kmz(data, name)
    except KmzError as error:
        raise Invalid({"file": [error.code]}) from error


def keep(line: Line, name: str, data: bytes, found, *, actor=None, state="staged", remote_name="") -> Trace:
    """Keep the bytes and what was read from them; `found` is None when they could not be read as a route."""
    trace = Trace(
        line=line,
        state=state,
        name=file_name(name),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        actor=actor,
        from_operator=actor is None,
        remote_name=remote_name,
    )
    if found:
        trace.geometry, trace.length_m, trace.points = found.geojson(), found.length_m, found.points
        trace.notes = list(found.notes)
    trace.file.save(str(trace.pk), ContentFile(data), save=False)
    trace.save()
    return trace


def original(line: Line) -> Trace | None:
    """The bytes that the operator holds: ours when they are the same version, else fetched now. None: it has none.

    Raises CovageError when they had to be fetched and could not be.
    """
    held = line.traces.filter(state="kept").first()
    if held and held.remote_name == line.trace_name:
        return held
    if not line.has_trace:
        return None  # what we hold was the operator's once, and is no more
    if line.basket is None or line.remote_id is None:
        return held
    return _fetch(line)


def _fetch(line: Line) -> Trace | None:
    client = connect(within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    try:
        file = client.download_trace(line.basket.remote_id, line.remote_id)
    except CovageNotFound:
        return None
    remote_name = line.trace_name
    held = line.traces.filter(state="kept", sha256=hashlib.sha256(file.data).hexdigest()).first()
    line.traces.filter(state="kept").exclude(pk=held and held.pk).update(state="replaced")
    if held:
        Trace.objects.filter(pk=held.pk).update(remote_name=remote_name)
        return held
    name = f"{line.reference or 'trace'}.kmz"
    return keep(line, name, file.data, _read(name, file.data), state="kept", remote_name=remote_name)


def _read(name, data):
    """What the operator gave is kept even when our reader refuses to draw it."""
    try:
        return read_kmz(data, name)
    except KmzError:
        return None


def file_name(name: str) -> str:
    return files.given(name) or "trace.kmz"


@act
class UploadTrace(LineAct):
    kind = Kind.UPLOAD_TRACE
    permission = "trace"
    action = "trace"

    def staged(self, command) -> Trace:
        return Trace.objects.get(pk=command.before["trace"])

    def is_staged(self, command, data) -> bool:
        if hashlib.sha256(data).hexdigest() == command.params["sha256"]:
            return True
        found, ours = _read("trace.kmz", data), self.staged(command).geometry
        return bool(ours and found) and found.geojson() == ours

    def prepare(self, client, command):
        self.ids(command)

    def send(self, client, command):
        trace = self.staged(command)
        with trace.file.open() as file:
            return client.upload_trace(*self.ids(command), trace.name, file.read())

    def proof(self, client, command):
        """The same bytes back are proof; so is the same route, or a new `trace_file`, when it packs files anew."""
        try:
            file = client.download_trace(*self.ids(command))
        except CovageNotFound:
            return Proof(Verdict.NOT_YET)
        if self.is_staged(command, file.data):
            return Proof(Verdict.HAPPENED)
        answer = client.get_line(command.line.remote_id)
        changed = answer.trace_file and answer.trace_file != command.before["trace_file"]
        return Proof(Verdict.HAPPENED if changed else Verdict.NOT_YET)

    def answered(self, command, answer, asked):
        if answer is not None:
            store.basket(answer, asked)
        command.line.traces.filter(state="kept").update(state="replaced")
        Trace.objects.filter(pk=command.before["trace"]).update(state="kept")

    def afterwards(self, client, command):
        """The name under which the operator holds it: by it a newer file there is noticed later."""
        line = watch.read_line(client, command.line)
        Trace.objects.filter(pk=command.before["trace"]).update(remote_name=line.trace_name)

    def failed(self, command):
        Trace.objects.filter(pk=command.before["trace"], state="staged").update(state="refused")


@act
class DeleteTrace(LineAct):
    kind = Kind.DELETE_TRACE
    permission = "trace"
    action = "trace"

    def prepare(self, client, command):
        self.ids(command)

    def send(self, client, command):
        return client.delete_trace(*self.ids(command))

    def proof(self, client, command):
        answer = client.get_line(known_id(command.line))
        return Proof(Verdict.NOT_YET if answer.trace_file else Verdict.HAPPENED, answer)

    def answered(self, command, answer, asked):
        command.line.traces.filter(state="kept").update(state="removed")
        store.trace_removed(command.line)

    def afterwards(self, client, command):
        watch.read_line(client, command.line)
