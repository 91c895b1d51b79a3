"""The new basket of lines that are asked again."""

from quotes.forms.base import OnceForm
from quotes.forms.baskets import BasketForm


class RequoteForm(OnceForm):
    external_id = BasketForm.base_fields["external_id"]
    project_id = BasketForm.base_fields["project_id"]

    def __init__(self, *args, projects=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project_id"].suggestions = projects
