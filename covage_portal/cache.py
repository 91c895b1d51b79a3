"""A Redis cache whose loss is not noticed: what it cannot answer, a memory of this process answers."""

from functools import partial

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

_GUARDED = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")


class ForgivingRedisCache(RedisCache):
    """Falls back to local memory while Redis is away, so that failed logins are still counted, per process."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._memory = LocMemCache("fallback", params)
        for name in _GUARDED:
            setattr(self, name, partial(self._try, name, getattr(super(), name)))

    def _try(self, name, ask_redis, *args, **kwargs):
        try:
            return ask_redis(*args, **kwargs)
        except redis.RedisError:
            return getattr(self._memory, name)(*args, **kwargs)
