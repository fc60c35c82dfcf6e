"""Lingo's settings, as the tests need them."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 50)
os.environ.setdefault("LINGO_LOCAL", "true")

from lingo import local  # noqa: E402
from lingo.settings import *  # noqa: E402, F403
from lingo.settings import DATABASES, REST_FRAMEWORK  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Whether it is installed makes no difference; tests that need one bring their own.
ESPEAK = ""
LANGUAGETOOL_URL = ""
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = {"turns": None, "api": None, "login": None}

# Threads need a database that they can share: a file, not memory.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    local.data_dir().mkdir(exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": str(local.data_dir() / "test.sqlite3")}
