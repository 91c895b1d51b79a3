"""Redis saves work; its loss is not noticed by anybody who is served."""

import pytest
from kombu.exceptions import OperationalError

from covage_portal.cache import ForgivingRedisCache
from covage_portal.celery import app


@pytest.fixture
def lonely(tmp_path):
    return ForgivingRedisCache(f"unix://{tmp_path}/nobody.sock?db=1", {})


def test_a_cache_without_redis_still_counts_in_this_process(lonely):
    assert lonely.add("failures", 1)
    assert not lonely.add("failures", 1)
    assert lonely.incr("failures") == 2
    assert lonely.get_or_set("failures", 9) == 2
    assert lonely.get_many(["failures", "other"]) == {"failures": 2}
    lonely.delete("failures")
    assert lonely.get("failures", "none") == "none"


def test_two_caches_without_redis_do_not_mix_up_their_keys(lonely, tmp_path):
    other = ForgivingRedisCache(f"unix://{tmp_path}/other.sock", {"KEY_PREFIX": "other"})
    lonely.set("name", "one")
    assert other.get("name") is None


def test_a_nudge_without_a_broker_is_refused_and_does_not_hang(tmp_path):
    with app.connection_for_write(f"redis+socket://{tmp_path}/nobody.sock") as nobody:
        with pytest.raises(OperationalError):
            app.send_task("quotes.tasks.sweep_commands", connection=nobody)
