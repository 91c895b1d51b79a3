"""Why nothing came of a form: codes of ours, or words of the operator, who writes English."""

from dataclasses import dataclass

from quotes.models import Command
from quotes.services.words import reason, said


@dataclass(frozen=True)
class Refusal:
    """`errors`: field ("" for the whole form) to codes of quotes.services.words, or to what the operator said."""

    errors: dict[str, list[str]]
    is_said: bool = False

    @classmethod
    def of(cls, command: Command) -> "Refusal":
        """The operator may also refuse without a word: then the sentence is ours."""
        return cls(command.errors, is_said=True) if command.errors else cls({"": [command.reason]})

    @property
    def items(self) -> list[dict]:
        """For `error_list`."""
        shown = said if self.is_said else reason
        return [{"field": name, "text": shown(text)} for name, texts in self.errors.items() for text in texts or [""]]
