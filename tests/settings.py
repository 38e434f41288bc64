"""Settings of the tests: the portal's own, with what makes tests fast and their mail visible."""

import secrets

from tests import services

services.start()

from wsis_portal.logs import json_lines  # noqa: E402
from wsis_portal.settings import *  # noqa: E402, F403  (the one place where settings are inherited)

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Counters of an earlier run must not count; staff of most tests sign in with one step.
CACHES["default"]["KEY_PREFIX"] = secrets.token_hex(4)  # noqa: F405  (of the portal's settings)
REQUIRE_STAFF_MFA = False
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = (
    True  # nothing need be collected first
)
LOGGING = json_lines.configuration(
    "WARNING"
)  # a line per request would take as long as some tests
