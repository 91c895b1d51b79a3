"""What a person can do. Importing the package makes every kind of command known (`acts.ACTS`)."""

from quotes.services import baskets, decisions, exports, lines, traces

__all__ = ["baskets", "decisions", "exports", "lines", "traces"]
