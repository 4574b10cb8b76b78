"""Django settings: the product's own, wrapped so that all it writes stays in BOTTLE_DIR and nothing leaves the machine."""
import os
from datetime import timedelta

from crm.settings import *  # noqa: F401,F403

_dir = os.environ["BOTTLE_DIR"]
if os.environ["BOTTLE_DB"] == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(_dir, "db.sqlite3"),
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
        }
    }
MEDIA_ROOT = os.path.join(_dir, "media")
STATIC_ROOT = os.path.join(_dir, "static")
# The launcher outlives the product's one-hour access token.
SIMPLE_JWT = {**SIMPLE_JWT, "ACCESS_TOKEN_LIFETIME": timedelta(days=7)}  # noqa: F405

# No worker runs: background tasks (mail, webhooks) are accepted and dropped.
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = "cache+memory://"
CELERY_BROKER_URL = "memory://"

if os.environ.get("BOTTLE_BUILD_SCHEMA") == "1":
    # Tables straight from the models: seconds instead of the minutes that replaying 253 migrations takes.
    MIGRATION_MODULES = {app.split(".")[-1]: None for app in INSTALLED_APPS}  # noqa: F405
