"""The operator on your own machine: a small Django project of its own that answers like the real API over HTTP."""
