"""What a person can do with a line: add, edit, delete, read again, find its basket."""

from django.conf import settings
from django.db.models import Case, Q, When

from quotes import states
from quotes.covage import CovageNotFound, CovageRefused
from quotes.errors import NotPossible, WorldMoved
from quotes.models import Basket, Command, Line
from quotes.models.commands import Kind
from quotes.selectors.history import found_before
from quotes.services import journal, naming, reconciler, recording, sender
from quotes.services.acts import Act, Proof, Verdict, act
from quotes.services.baskets import in_order, known_id, known_since
from quotes.services.comparing import compare, same
from quotes.services.permissions import require
from quotes.services.searching import UNREADABLE, NotSeen, search
from quotes.sync import store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect


def add(*, actor, nonce: str, basket: Basket, fields: dict) -> Command:
    """POST /quote/{id}/quote_item/ with what was filled in. The new line is `command.line`."""
    require(actor, "create")

    def insert():
        if not may_add(basket):
            raise NotPossible("state")
        line = store.new_line(basket=basket, external_id=fields.get("external_id", ""), fields=fields)
        return recording.record(kind=Kind.ADD_LINE, nonce=nonce, actor=actor, basket=basket, line=line, params=fields)

    command, new = recording.once(nonce=nonce, actor=actor, kind=Kind.ADD_LINE, params=fields, insert=insert)
    return sender.run_now(command) if new else command


def update(*, actor, nonce: str, line: Line, changes: dict, before: dict) -> Command:
    """PATCH /quote/{id}/quote_item/{item}/ with only what changed; `before` are the values that the person saw."""
    require(actor, "edit")
    fields = {"kind": Kind.UPDATE_LINE, "nonce": nonce, "actor": actor, "params": changes}

    def insert():
        allowed(line, "edit_line")
        return recording.record(basket=line.basket, line=line, before=before, **fields)

    command, new = recording.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def delete(*, actor, nonce: str, line: Line) -> Command:
    """DELETE /quote/{id}/quote_item/{item}/."""
    require(actor, "edit")
    fields = {"kind": Kind.DELETE_LINE, "nonce": nonce, "actor": actor, "params": {}}

    def insert():
        allowed(line, "delete_line")
        return recording.record(basket=line.basket, line=line, **fields)

    command, new = recording.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def refresh(line: Line) -> Line:
    """Read the line from the operator while a person waits. Raises CovageError."""
    client = connect(within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    reconciler.read_now(Command.objects.filter(line=line, state="uncertain"))
    line.refresh_from_db()
    return watch.read_line(client, line)


def find_basket(line: Line) -> Basket | None:
    """Look for the basket of an orphan: in its own answer, then in the newest baskets, those of its project first.

    Raises CovageError. Neither list nor detail of a line documents its basket, so this may find nothing.
    """
    client = connect(within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    line = watch.read_line(client, line)
    for basket in () if line.basket_id else _candidates(line):
        asked = Asked.now()
        store.basket(client.get_basket(basket.remote_id), asked)
        line.refresh_from_db()
        if line.basket_id:
            break
    return line.basket


def may_add(basket: Basket) -> bool:
    """Lines may be typed while the basket's own create is still on its way: they wait for it."""
    return basket.allows("add_line") or (basket.remote_id is None and not basket.is_void and not basket.state)


def _candidates(line: Line):
    others = Case(When(project_key=line.project_key, then=0), default=1)
    return Basket.objects.filter(gone_at=None).exclude(remote_id=None).order_by(others, "-creation_date")[:50]


def allowed(line: Line, action: str) -> None:
    """Raises NotPossible when the basket or the line no longer lets a person write."""
    if not line.allows(action):
        raise NotPossible("state")


class LineAct(Act):
    """What edits, deletes and traces share: the basket's and the line's ids, and the rule of the draft."""

    action: str

    def check(self, command):
        allowed(command.line, self.action)

    def ids(self, command) -> tuple[str, str]:
        return known_id(command.basket), known_id(command.line)


@act
class AddLine(Act):
    kind = Kind.ADD_LINE
    permission = "create"
    late = Q(line__remote_id__isnull=False)

    def check(self, command):
        if not may_add(command.basket):
            raise NotPossible("state")

    def prepare(self, client, command):
        asked = Asked.now()
        answer = client.get_basket(known_id(command.basket))
        store.basket(answer, asked)  # what is there now is not what this command makes
        if answer.has("state") and not states.basket(answer.state).allows >= {"add_line"}:
            raise WorldMoved("state_moved")
        wished = command.params.get("external_id", "")
        command.token = command.token or naming.choose(wished, lambda name: _is_taken(client, command, answer, name))
        store.named(command.line, command.token)

    def send(self, client, command):
        return client.add_line(command.basket.remote_id, {**command.params, "external_id": command.token})

    def proof(self, client, command):
        known = known_since(command.line, command)
        ours = client.get_line(known) if known else None
        new = [found for found in _lines_of(client, command) if not _known_elsewhere(found, command)]
        named = [found for found in new if found.external_id == command.token]
        if ours or named:
            return Proof(Verdict.HAPPENED, in_order(ours, named))
        maybe = any(naming.may_be(command.token, found.external_id) for found in new)
        return Proof(Verdict.MAYBE if maybe else Verdict.NOT_YET)

    def answered(self, command, answer, asked):
        store.line(answer, asked, into=command.line, basket=command.basket)

    def proven(self, command, proof, asked):
        ours, *doubles = proof.answer
        store.line(ours, asked, into=command.line, basket=command.basket, detail=False)
        for double in doubles:
            row = store.line(double, asked, basket=command.basket, detail=False)
            journal.tell(command, "doubled", line_double=str(row.pk))

    def result(self, answer):
        return {"id": answer.id}

    def learnt(self, proof):
        return self.result(proof.answer[0])

    def failed(self, command):
        store.void(command.line)


@act
class UpdateLine(LineAct):
    kind = Kind.UPDATE_LINE
    permission = "edit"
    action = "edit_line"

    def prepare(self, client, command):
        _, line_id = self.ids(command)
        asked = Asked.now()
        fresh = store.line(client.get_line(line_id), asked)
        if fresh.state != "acknowledged":
            raise WorldMoved("state_moved")
        if not same(fresh.payload, command.before):
            raise WorldMoved("changed_elsewhere")

    def send(self, client, command):
        return client.update_line(*self.ids(command), command.params)

    def proof(self, client, command):
        return compare(client.get_line(command.line.remote_id), command)

    def answered(self, command, answer, asked):
        store.line(answer, asked, basket=command.basket)


@act
class DeleteLine(LineAct):
    kind = Kind.DELETE_LINE
    permission = "edit"
    action = "delete_line"

    def prepare(self, client, command):
        self.ids(command)

    def send(self, client, command):
        return client.delete_line(*self.ids(command))

    def proof(self, client, command):
        try:
            client.get_line(command.line.remote_id)
        except CovageNotFound:
            return Proof(Verdict.HAPPENED)
        return Proof(Verdict.NOT_YET)

    def answered(self, command, answer, asked):
        store.deleted(command.line)
        if answer is not None:
            store.basket(answer, asked)


def _lines_of(client, command):
    """The lines of the command's basket at the operator, in whichever of the possible shapes they come.

    `quote_item` may hold objects, bare ids, or nothing; then the line list is the last resort. Raises NotSeen when
    one of them cannot be read and none carries our name.
    """
    basket = client.get_basket(command.basket.remote_id)
    found = {line.id: line for line in basket.lines or []}
    for remote_id in basket.line_ids:
        if not found.get(remote_id) or not found[remote_id].has("external_id"):
            found[remote_id] = client.get_line(remote_id)
    if basket.rejected and all(line.external_id != command.token for line in found.values()):
        raise NotSeen(UNREADABLE)
    return list(found.values()) or _listed(client, command)


def _listed(client, command):
    names = ("project_id", "end_customer_name")
    filters = {name: command.params[name] for name in names if command.params.get(name)}
    return search(client.line_pages(**filters), lambda line: naming.may_be(command.token, line.external_id))


def _is_taken(client, command, answer, name) -> bool:
    ours = Command.objects.filter(basket=command.basket, kind=Kind.ADD_LINE, token=name, state__in=states.LIVE)
    if answer.rejected or ours.exclude(pk=command.pk).exists():
        return True
    if command.basket.lines.filter(external_id=name, gone_at=None).exclude(pk=command.line_id).exists():
        return True
    seen = answer.lines or []
    bare = set(answer.line_ids) - {line.id for line in seen if line.has("external_id")}
    return any(line.external_id == name for line in seen) or _any_named(client, bare, name)


def _any_named(client, remote_ids, name) -> bool:
    known = dict(Line.objects.filter(remote_id__in=remote_ids).values_list("remote_id", "external_id"))
    for remote_id in remote_ids:
        try:
            external_id = known[remote_id] if remote_id in known else client.get_line(remote_id).external_id
        except CovageRefused:
            continue
        if external_id == name:
            return True
    return False


def _known_elsewhere(found, command) -> bool:
    """A line that another row of ours stands for: from before this command, or made by another one."""
    other = Line.objects.filter(remote_id=found.id).exclude(pk=command.line_id).first()
    return bool(other) and (
        found_before(command).filter(line=other).exists() or other.commands.filter(kind=Kind.ADD_LINE).exists()
    )
