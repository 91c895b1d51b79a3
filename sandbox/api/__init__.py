"""One module a noun of the specification; sandbox/urls.py says which address is whose."""
