"""`script/run`: everything the portal needs on one machine with nothing but Python.

`plan` says which processes there are, `prepare` makes database, files and accounts ready, `children` starts and ends
processes, `guard` allows one run for each PORTAL_VAR, `supervisor` keeps the whole alive.
"""
