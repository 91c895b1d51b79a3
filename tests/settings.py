"""The settings of `script/run`, in an environment of the tests' own: nothing of the shell or of `.env` reaches a test.

TEST_DATABASE_URL and TEST_REDIS_URL (both throw-away servers) replace SQLite and the memory of the process.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.platform.processes import OURS

_VAR = Path(tempfile.mkdtemp(prefix="portal-tests-"))
atexit.register(shutil.rmtree, _VAR, ignore_errors=True)

# A database of its own for each worker: what one empties must not be another's.
_redis = os.environ.get("TEST_REDIS_URL", "")
if _redis:
    _redis = f"{_redis.removesuffix('/0')}/{os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw')}"

for _name in [name for name in os.environ if name.startswith(OURS)]:
    del os.environ[_name]
os.environ |= {
    "PORTAL_ENV_FILE": str(_VAR / "no-env-file"),
    "PORTAL_VAR": str(_VAR),
    "PORTAL_EMBEDDED": "1",
    "COVAGE_API_URL": "http://127.0.0.1:9",  # nothing listens there; a test names its own operator
    "COVAGE_USERNAME": "portal",
    "COVAGE_PASSWORD": "correct-horse-canary",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", ""),
    "REDIS_URL": _redis,
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # a browser test runs an event loop beside the database
}

from covage_portal.settings import *  # noqa: E402, F403
from covage_portal.settings import DATABASES, MEDIA_ROOT, REDIS_URL, STATIC_ROOT, STORAGES  # noqa: E402

for _folder in (MEDIA_ROOT, STATIC_ROOT):
    _folder.mkdir(exist_ok=True)
if not os.environ["DATABASE_URL"]:
    DATABASES["default"]["TEST"] = {"NAME": _VAR / "test.sqlite3"}  # a file, as outside the tests, not memory
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
if not REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CELERY_BROKER_URL = "memory://"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
MEDIA_URL = "/uploads-nobody-serves/"  # the test server would look for a file behind every address of the portal
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose
