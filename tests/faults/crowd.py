"""Several at once: threads that begin together, each with a database connection of its own."""

import threading
from contextlib import contextmanager

from django.db import connection


def at_once(*calls) -> list:
    """Run the calls at the same moment; what each returned, or the exception that it raised."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        start.wait(20)
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)  # a busy machine is no finding
        assert not thread.is_alive(), "it hangs"
    return results


@contextmanager
def beside(call):
    """Something that happens while the block runs, without touching the database."""
    thread = threading.Thread(target=call)
    thread.start()
    yield
    thread.join(60)
