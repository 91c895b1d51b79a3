"""What a person can do with a basket: create, edit, confirm, read again."""

from django.conf import settings
from django.db import IntegrityError

from quotes import covage, states
from quotes.covage import CovageNotFound
from quotes.errors import NotPossible, WorldMoved
from quotes.models import Basket, Command
from quotes.models.commands import EXPORTS, Kind
from quotes.services import journal, naming, sender
from quotes.services.acts import Act, Proof, Verdict, act
from quotes.services.comparing import compare, same
from quotes.services.permissions import require
from quotes.sync import store, watch
from quotes.sync.asked import Asked
from quotes.sync.connection import connect


def create(*, actor, nonce: str, external_id: str = "", project_id: str = "") -> Command:
    """POST /quote/. The new basket is `command.basket`, whatever became of the command."""
    require(actor, "create")
    params = {"external_id": external_id, "project_id": project_id}

    def insert():
        basket = store.new_basket(external_id=external_id, project_id=project_id, owner=actor)
        return journal.record(kind=Kind.CREATE_BASKET, nonce=nonce, actor=actor, basket=basket, params=params)

    command, new = journal.once(nonce=nonce, actor=actor, kind=Kind.CREATE_BASKET, params=params, insert=insert)
    return sender.run_now(command) if new else command


def update(*, actor, nonce: str, basket: Basket, changes: dict, before: dict) -> Command:
    """PATCH /quote/{id}/ with only what changed; `before` are the values that the person saw."""
    require(actor, "edit")
    _allowed(basket, "edit")
    fields = {"kind": Kind.UPDATE_BASKET, "nonce": nonce, "actor": actor, "params": changes}

    def insert():
        return journal.record(basket=basket, before=before, **fields)

    command, new = journal.once(insert=insert, **fields)
    return sender.run_now(command) if new else command


def confirm(*, actor, nonce: str, basket: Basket) -> Command:
    """PATCH /quote/{id}/confirm/. Raises NotPossible while a write in the basket is under way."""
    require(actor, "confirm")
    fields = {"kind": Kind.CONFIRM, "nonce": nonce, "actor": actor, "params": {}}

    def insert():
        _allowed(basket, "confirm")
        nothing_under_way(basket)
        return journal.record(basket=basket, **fields)

    try:
        command, new = journal.once(insert=insert, **fields)
    except IntegrityError as clash:
        raise NotPossible("under_way") from clash
    return sender.run_now(command) if new else command


def refresh(basket: Basket) -> Basket:
    """Read the basket and its lines from the operator while a person waits. Raises CovageError."""
    client = connect(within=settings.COVAGE_TOTAL_TIMEOUT, urgent=True)
    return watch.read_basket(client, basket)


def nothing_under_way(basket: Basket, but: Command | None = None) -> None:
    """A confirm goes out alone: a line still being sent would stay behind. Raises NotPossible."""
    others = Command.objects.filter(basket=basket, state__in=states.PENDING).exclude(kind__in=EXPORTS)
    other = others.exclude(pk=but.pk if but else None).first()
    if other:
        raise NotPossible("under_way", command=other)


def _allowed(basket: Basket, action: str) -> None:
    if not basket.allows(action):
        raise NotPossible("state", command=None)


@act
class CreateBasket(Act):
    kind = Kind.CREATE_BASKET
    permission = "create"

    def prepare(self, client, command):
        wished = command.params["external_id"]
        command.token = command.token or naming.choose(wished, lambda name: _is_taken(client, command, name))
        store.named(command.basket, command.token)

    def send(self, client, command):
        fields = {"external_id": command.token, "project_id": command.params["project_id"]}
        return client.create_basket({name: value for name, value in fields.items() if value})

    def proof(self, client, command):
        found = [b for b in _of_name(client, command.token) if not _known_elsewhere(b, command)]
        if not found:
            return Proof(Verdict.NOT_YET)
        earliest = min(found, key=lambda b: str(store.moment(b.creation_date) or ""))
        return Proof(Verdict.HAPPENED, (earliest, [b for b in found if b is not earliest]))

    def answered(self, command, answer, asked):
        store.basket(answer, asked, into=command.basket)

    def proven(self, command, proof, asked):
        """The operator may have made two of one request: the earliest is ours, the others are shown as doubles."""
        ours, doubles = proof.answer
        store.basket(ours, asked, into=command.basket, detail=False)
        for double in doubles:
            row = store.basket(double, asked, detail=False)
            journal.tell(command, "doubled", basket_double=str(row.pk))

    def result(self, answer):
        return {"id": answer.id}

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
        moved = answer.state and answer.state != "acknowledged"
        return Proof(Verdict.HAPPENED if moved else Verdict.NOT_YET, answer)

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


def _is_taken(client, command, name) -> bool:
    ours = Command.objects.filter(kind=Kind.CREATE_BASKET, token=name, state__in=states.LIVE)
    return ours.exclude(pk=command.pk).exists() or bool(_of_name(client, name))


def _of_name(client, name) -> list[covage.Basket]:
    """The filter may match in part, or be ignored: the exact name is compared here."""
    try:
        pages = list(client.basket_pages(external_id=name))
    except CovageNotFound:
        return []
    return [basket for page in pages for basket in page.results if basket.external_id == name]


def _known_elsewhere(found: covage.Basket, command) -> bool:
    """A basket of this name that another row of ours already stands for, from before this command."""
    other = Basket.objects.filter(remote_id=found.id).exclude(pk=command.basket_id).first()
    return bool(other and other.added_at < command.recorded_at)
