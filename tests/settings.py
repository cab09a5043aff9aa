"""The site's settings, with what a test run needs: a folder of its own, a database file, quick password hashes.

Each process of a parallel run has its own folder: a worker inherits the first process's environment, so the folder is
taken again where the worker's name differs from the one that took it. What a test starts inherits its worker's.
"""

import os
import tempfile

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
if os.environ.get("ATTISE_TESTS_OF") != _WORKER:
    os.environ["ATTISE_TESTS_OF"] = _WORKER
    os.environ["ATTISE_DATA"] = tempfile.mkdtemp(prefix="attise-tests-")
    for _name in ("ATTISE_PUBLIC_URL", "ATTISE_SECRETS_FILE", "ATTISE_DEBUG", "ATTISE_MEDIA_HOSTS"):
        os.environ.pop(_name, None)

from attise.doors.site.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(HOUSE.folder / "tests.sqlite3")}  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
