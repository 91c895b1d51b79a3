"""`python -m covage_portal.embedded`, which is what `script/run` executes."""

import os
import signal
import sys

from django.core.exceptions import ImproperlyConfigured


def main() -> int:
    """0 after a signal, 1 when the portal could not start or stay up, 2 for a wrong setting, 3 when it runs already."""
    os.environ["PORTAL_EMBEDDED"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "covage_portal.settings"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        import django

        django.setup()
    except ImproperlyConfigured as exc:
        return _complain(exc, 2)
    return _run()


def _run() -> int:
    from django.conf import settings

    from covage_portal.embedded import guard, plan
    from covage_portal.embedded.supervisor import GaveUp, Supervisor, say

    _make_folders(settings.PORTAL_VAR)
    try:
        supervisor = Supervisor(guard.take(settings.PORTAL_VAR))
    except guard.AlreadyRunning:
        return _complain(f"Already running: another portal uses {settings.PORTAL_VAR}. Stop it, or set PORTAL_VAR.", 3)
    try:
        supervisor.start()
        say(_welcome(settings, plan))
        supervisor.watch()
    except (plan.CannotStart, GaveUp) as exc:
        return _complain(exc, 1)
    finally:
        supervisor.stop()
    return 0


def _make_folders(var) -> None:
    var.chmod(0o700)
    for name in ("run", "log"):
        (var / name).mkdir(mode=0o700, exist_ok=True)


def _welcome(settings, plan) -> str:
    from quotes.management.commands.create_demo_accounts import PEOPLE, demo_password

    control_page = "/sandbox/  (the sandbox and its control page)" if plan.has_sandbox() else ""
    lines = [
        f"The portal is ready: http://127.0.0.1:{settings.PORT}/",
        f"  operator  {plan.operator_url()}{control_page}",
        f"  logins    {', '.join(PEOPLE)}",
        f"  password  {demo_password()}",
        f"  logs      {settings.PORTAL_VAR / 'log'}",
        "Ctrl-C ends it.",
    ]
    return "\n".join(lines)


def _complain(what, status: int) -> int:
    print(what, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
