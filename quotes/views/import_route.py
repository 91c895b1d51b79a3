"""The five steps of an import, drawn as the cable on each of its pages."""

from django.utils.translation import gettext as _


def steps(now: int, *words: str) -> list[dict]:
    """`now` is where the person stands; `words` say below each step what is known of it."""
    titles = (_("File"), _("Columns"), _("Check"), _("Create"), _("Report"))
    status = ["done"] * now + ["now"] + ["todo"] * (len(titles) - now - 1)
    said = [*words, *[""] * len(titles)]
    return [{"title": t, "status": s, "when": w} for t, s, w in zip(titles, status, said, strict=False)]


def of_batch(batch, summary: dict) -> list[dict]:
    """Of an import that was started."""
    created = _("%(done)d of %(n)d") % {"done": summary["done"], "n": summary["total"]}
    return steps(4 if batch.state == "done" else 3, batch.name or _("pasted"), "", "", created)
