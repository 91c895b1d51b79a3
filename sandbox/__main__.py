"""`python -m sandbox`: prepare the storage, then serve."""

import os

from sandbox import options


def main() -> None:
    options.read()
    os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"
    import django

    django.setup()
    from sandbox import server, storage

    storage.prepare()
    server.serve()


if __name__ == "__main__":
    main()
