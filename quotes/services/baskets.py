"""What a person can do with a basket: create, edit, confirm, read again."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from quotes import covage, states
from quotes.covage import CovageNotFound
from quotes.errors import NotPossible, WorldMoved
from quotes.models import Basket, Command
from quotes.models.commands import Kind
from quotes.selectors.history import found_before
from quotes.services import journal, naming, reconciler, recording, sender
from quotes.services.acts import Act, Proof, Verdict, act
from quotes.services.comparing import compare, same
from quotes.services.permissions import require
from quotes.services.searching import NotSeen, search
from quotes.sync import store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect

CLOCKS_DIFFER = timedelta(minutes=10)  # ours and the operator's


def create(*, actor, nonce: str, external_id: str = "", project_id: str = "") -> Command:
    """POST /quote/. The new basket is `command.basket`, whatever became of the command."""
    require(actor, "create")
    params = {"external_id": external_id, "project_id": project_id}

    def insert():
        basket = store.new_basket(external_id=external_id, project_id=project_id, owner=actor)
        return recording.record(kind=Kind.CREATE_BASKET, nonce=nonce, actor=actor, basket=basket, params=params)

    command, new = recording.once(nonce=nonce, actor=actor, kind=Kind.CREATE_BASKET, params=params, insert=insert)
    return sender.run_now(command) if new else command


def update(*, actor, nonce: str, basket: Basket, changes: dict, before: dict) -> Command:
    """PATCH /quote/{id}/ with only what changed; `before` are the values that the person saw."""
    require(actor, "edit")
    fields = {"kind": Kind.UPDATE_BASKET, "nonce": nonce, "actor": actor, "params": changes}

    def insert():
        _allowed(basket, "edit")
        return recording.record(basket=basket, before=before, **fields)

    command, new = recording.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def confirm(*, actor, nonce: str, basket: Basket) -> Command:
    """PATCH /quote/{id}/confirm/. Raises NotPossible while a write in the basket is under way."""
    require(actor, "confirm")
    fields = {"kind": Kind.CONFIRM, "nonce": nonce, "actor": actor, "params": {}}

    def insert():
        _allowed(basket, "confirm")
        nothing_under_way(basket)
        return recording.record(basket=basket, **fields)

    try:
        command, new = recording.once(insert=insert, **fields)
    except IntegrityError as clash:
        raise NotPossible("under_way") from clash
    return sender.run_now(command) if new else command


def refresh(basket: Basket) -> Basket:
    """Read the basket and its lines from the operator while a person waits. Raises CovageError."""
    client = connect(within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    reconciler.read_now(Command.objects.filter(basket=basket, state="uncertain"))
    basket.refresh_from_db()
    return watch.read_basket(client, basket)


def nothing_under_way(basket: Basket, but: Command | None = None) -> None:
    """A confirm goes out alone: a line still being sent would stay behind. Raises NotPossible."""
    other = basket.commands.pending_writes().exclude(pk=but.pk if but else None).first()
    if other:
        raise NotPossible("under_way", command=other)


def _allowed(basket: Basket, action: str) -> None:
    if not basket.allows(action):
        raise NotPossible("state", command=None)


@act
class CreateBasket(Act):
    kind = Kind.CREATE_BASKET
    permission = "create"
    late = Q(basket__remote_id__isnull=False)

    def prepare(self, client, command):
        wished = command.params["external_id"]
        command.token = command.token or naming.choose(wished, lambda name: _is_taken(client, command, name))
        store.named(command.basket, command.token)

    def send(self, client, command):
        fields = {"external_id": command.token, "project_id": command.params["project_id"]}
        return client.create_basket({name: value for name, value in fields.items() if value})

    def proof(self, client, command):
        known = known_since(command.basket, command)
        ours = client.get_basket(known) if known else None
        try:
            found = [b for b in _of_name(client, command.token) if not _known_elsewhere(b, command)]
        except NotSeen:
            found = []
            if ours is None:
                raise
        return Proof(Verdict.HAPPENED, in_order(ours, found)) if ours or found else Proof(Verdict.NOT_YET)

    def maybe(self, client, command):
        """Whether a basket was made since that nobody claims, under what an operator may have made of our name."""
        sent = min(command.sent_at, timezone.now())  # a clock that was ahead then would hide what was made
        since = client.basket_pages(creation_date_gt=f"{sent - CLOCKS_DIFFER:%Y-%m-%dT%H:%M:%SZ}")
        try:
            new = search(since, lambda basket: naming.may_be(command.token, basket.external_id))
        except NotSeen:
            return False  # the list by name was seen to its end
        claimed = Q(commands__kind=Kind.CREATE_BASKET) | Exists(found_before(command).filter(basket=OuterRef("pk")))
        known = set(
            Basket.objects.filter(claimed, remote_id__in=[b.id for b in new]).values_list("remote_id", flat=True)
        )
        others = Command.objects.filter(kind=Kind.CREATE_BASKET, token__in=[b.external_id for b in new])
        named = set(others.exclude(pk=command.pk).exclude(token="").values_list("token", flat=True))
        return any(basket.id not in known and basket.external_id not in named for basket in new)

    def answered(self, command, answer, asked):
        store.basket(answer, asked, into=command.basket)

    def proven(self, command, proof, asked):
        """The operator may have made two of one request: the others are shown as doubles."""
        ours, *doubles = proof.answer
        store.basket(ours, asked, into=command.basket, detail=False)
        for double in doubles:
            row = store.basket(double, asked, detail=False)
            journal.tell(command, "doubled", basket_double=str(row.pk))

    def result(self, answer):
        return {"id": answer.id}

    def learnt(self, proof):
        return self.result(proof.answer[0])

    def failed(self, command):
        store.void(command.basket)


@act
class UpdateBasket(Act):
    kind = Kind.UPDATE_BASKET
    permission = "edit"

    def check(self, command):
        _allowed(command.basket, "edit")

    def prepare(self, client, command):
        asked = Asked.now()
        fresh = store.basket(client.get_basket(known_id(command.basket)), asked)
        if not same(fresh.payload, command.before):
            raise WorldMoved("changed_elsewhere")

    def send(self, client, command):
        return client.update_basket(command.basket.remote_id, command.params)

    def proof(self, client, command):
        return compare(client.get_basket(command.basket.remote_id), command)

    def answered(self, command, answer, asked):
        store.basket(answer, asked)


@act
class ConfirmBasket(Act):
    kind = Kind.CONFIRM
    permission = "confirm"

    def check(self, command):
        _allowed(command.basket, "confirm")
        nothing_under_way(command.basket, but=command)

    def prepare(self, client, command):
        asked = Asked.now()
        fresh = store.basket(client.get_basket(known_id(command.basket)), asked)
        if fresh.state != "acknowledged":
            raise WorldMoved("state_moved")

    def send(self, client, command):
        return client.confirm_basket(command.basket.remote_id)

    def proof(self, client, command):
        answer = client.get_basket(command.basket.remote_id)
        if not states.basket(answer.state).known:  # nor does it tell when it is missing
            return Proof(Verdict.UNREADABLE)
        return Proof(Verdict.NOT_YET if answer.state == "acknowledged" else Verdict.HAPPENED, answer)

    def answered(self, command, answer, asked):
        store.basket(answer, asked)


def known_id(row) -> str:
    """The operator's id. Raises CovageUnavailable while the create of the object is not settled: wait for it."""
    row.refresh_from_db(fields=["remote_id", "is_void"])
    if row.is_void:
        raise NotPossible("create_failed")
    if row.remote_id is None:
        raise covage.CovageUnavailable("its own create is not settled yet")
    return row.remote_id


def in_order(ours, found: list) -> list:
    """Ours, known already or the earliest of the name, then what the operator made beside it of the same request."""
    found = sorted(found, key=lambda item: str(store.moment(item.creation_date)))
    return [ours, *(item for item in found if item.id != ours.id)] if ours else found


def known_since(row, command) -> str:
    """The operator's id of what a create made: from an answer that could not be stored, or from a reading since."""
    row.refresh_from_db(fields=["remote_id"])
    return command.result.get("id") or row.remote_id or ""


def _is_taken(client, command, name) -> bool:
    ours = Command.objects.filter(kind=Kind.CREATE_BASKET, token=name, state__in=states.LIVE)
    try:
        return ours.exclude(pk=command.pk).exists() or bool(_of_name(client, name))
    except NotSeen:
        return True  # a name that is distinct in any case does no harm


def _of_name(client, name) -> list[covage.Basket]:
    """The filter may match in part, or be ignored: the exact name is compared here."""
    try:
        return search(client.basket_pages(external_id=name), lambda basket: basket.external_id == name)
    except CovageNotFound:
        return []


def _known_elsewhere(found: covage.Basket, command) -> bool:
    """A basket that another row of ours stands for: from before this command, or made by another one."""
    other = Basket.objects.filter(remote_id=found.id).exclude(pk=command.basket_id).first()
    return bool(other) and (
        found_before(command).filter(basket=other).exists() or other.commands.filter(kind=Kind.CREATE_BASKET).exists()
    )
