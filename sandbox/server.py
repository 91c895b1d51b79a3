"""Gunicorn, started from the program itself: one worker, many threads, loopback only."""

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import BaseApplication

from sandbox.options import current

CONFIG = {
    "workers": 1,
    "worker_class": "gthread",
    "threads": 32,
    "keepalive": 75,
    "graceful_timeout": 1,
    "loglevel": "warning",
    "preload_app": True,
    "control_socket_disable": True,
}


class _Server(BaseApplication):
    def load_config(self):
        for name, value in CONFIG.items():
            self.cfg.set(name, value)
        self.cfg.set("bind", f"127.0.0.1:{current.port}")
        self.cfg.set("when_ready", _announce)

    def load(self):
        return get_wsgi_application()


def _announce(arbiter) -> None:
    port = arbiter.LISTENERS[0].sock.getsockname()[1]
    print(f"Sandbox ready: http://127.0.0.1:{port} (control page http://127.0.0.1:{port}/sandbox/)", flush=True)


def serve() -> None:
    """Runs until SIGTERM or SIGINT."""
    _Server().run()
