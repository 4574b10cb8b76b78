#!/usr/bin/env python3
"""Runs a real BottleCRM (PyPI package `django-crm`) as a local server, for the demo and for tests.

    bottlecrm.py --dir DIR --cache DIR [--port N] [--db auto|postgres|sqlite] [--start-id ID]

The first start installs the CRM below the cache, makes its tables, one organisation, one administrator and one API
token; later starts reuse all of it. When the server answers, DIR/ready.json holds its addresses and secrets (mode 0600),
and exists only while it runs. SIGTERM or SIGINT stops everything. This script needs Python 3.9 and no packages.
"""
import argparse
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import postgres
from children import Children
from console import die, say
from environment import REQUIREMENTS, prepared_python

APP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "app")
EMAIL = "admin@example.com"
ORGANISATION = "Continuo"
# The product reads many variables; only these prefixes of the caller's must not reach it.
FOREIGN = ("DJANGO_", "DB", "EMAIL_", "AWS_", "CELERY_", "PYTHON", "CONTINUO_")


def main():
    options = _options()
    root, cache = os.path.abspath(options.dir), os.path.abspath(options.cache)
    for sub in ("", "log", "media"):
        os.makedirs(os.path.join(root, sub), exist_ok=True)
    lock = open(os.path.join(root, "lock"), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        die("another BottleCRM already runs in %s." % root)
    ready = os.path.join(root, "ready.json")
    if os.path.exists(ready):
        os.unlink(ready)

    children = Children()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        facts = _start(root, cache, options, children)
        say("ready at %s" % facts["baseUrl"])
        _save(ready, {**facts, "startId": options.start_id})
        while not children.dead():
            time.sleep(0.5)
        die("a process of BottleCRM ended unexpectedly (%s); see %s/log." % (", ".join(children.dead()), root))
    except KeyboardInterrupt:
        say("stopping")
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        children.stop()
        if os.path.exists(ready):
            os.unlink(ready)


def _start(root, cache, options, children):
    """Brings everything up and answers what a client needs."""
    python = prepared_python(cache)
    state_file = os.path.join(root, "state.json")
    state = _load_state(state_file)
    db = _choose_database(state, options.db)
    state["db"] = db
    _save(state_file, state)

    port = options.port or postgres.free_port()
    base_url = "http://127.0.0.1:%d" % port
    env = _environment(root, state, base_url)
    if db == "postgres":
        cluster = postgres.Cluster(root, state, children, python)
        env.update({"DBNAME": "crm", "DBUSER": "crm", "DBPASSWORD": state["crm_password"],
                    "DBHOST": "127.0.0.1", "DBPORT": str(cluster.port)})
        if cluster.is_new or not state.get("built"):
            state["built"] = False
            _build_postgres(cluster, os.path.join(cache, "empty-%s.pgdump" % _version()), root, python, env)
    elif not state.get("built"):
        _build_sqlite(os.path.join(root, "db.sqlite3"), os.path.join(cache, "empty-%s.sqlite3" % _version()),
                      root, python, env)
    state["built"] = True
    _save(state_file, state)

    facts = _bootstrap(python, env, state)
    state["token"] = facts["token"]
    _save(state_file, state)
    _serve(root, python, env, port, base_url, children)
    return {"baseUrl": base_url, "apiUrl": base_url + "/api/", **facts, "db": db}


def _choose_database(state, wanted):
    """A folder keeps the database it began with."""
    have = state.get("db")
    if have and wanted not in ("auto", have):
        die("this folder holds a %s database: choose another folder, or %s." % (have, have))
    choice = have or (wanted if wanted != "auto" else "postgres" if postgres.is_available() else "sqlite")
    if choice == "postgres" and not postgres.is_available():
        die("PostgreSQL is missing (initdb, postgres): install it (Debian: apt-get install postgresql).")
    if choice == "sqlite":
        say("PostgreSQL is not used: SQLite instead, with less search" if wanted == "auto" else "on SQLite")
    return choice


def _environment(root, state, base_url):
    env = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    env.update({
        # The package reads the first .env above its own folder; never do that here.
        "PYTHON_DOTENV_DISABLED": "1",
        "PYTHONPATH": APP, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "continuo_settings",
        "SECRET_KEY": state["secret_key"], "ENV_TYPE": "dev", "DEBUG": "False",
        "ALLOWED_HOSTS": "127.0.0.1,localhost", "DOMAIN_NAME": base_url,
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "CACHE_URL": "", "BOTTLE_DIR": root, "BOTTLE_DB": state["db"],
    })
    return env


def _build_postgres(cluster, cached, root, python, env):
    cluster.recreate_database()  # a start that was killed may have left half of the tables
    if os.path.exists(cached):
        if cluster.restore(cached):
            return
        say("the cached empty database does not restore; making the tables again")
        cluster.recreate_database()
    _build_schema(root, python, env)
    cluster.dump(cached)


def _build_sqlite(database, cached, root, python, env):
    if os.path.exists(database):
        os.unlink(database)  # a start that was killed while it made the tables
    if os.path.exists(cached):
        shutil.copyfile(cached, database)
        return
    _build_schema(root, python, env)
    part = "%s.%d.part" % (cached, os.getpid())
    shutil.copyfile(database, part)
    os.replace(part, cached)


def _build_schema(root, python, env):
    say("making the tables")
    log = os.path.join(root, "log", "schema.log")
    with open(log, "wb") as out:
        step = [python, os.path.join(APP, "build_schema.py")]
        done = subprocess.run(step, cwd=root, env={**env, "BOTTLE_BUILD_SCHEMA": "1"}, stdout=out, stderr=out)
    if done.returncode != 0:
        die("BottleCRM's tables could not be made; the log is %s." % log)


def _bootstrap(python, env, state):
    want = {"email": EMAIL, "password": state["admin_password"], "organisation": ORGANISATION,
            "token": state.get("token")}
    out = subprocess.run([python, os.path.join(APP, "bootstrap.py")], cwd=env["BOTTLE_DIR"], env=env, text=True,
                         input=json.dumps(want), capture_output=True)
    line = next((x for x in out.stdout.splitlines() if x.startswith("FACTS ")), None)
    if out.returncode != 0 or line is None:
        say(out.stderr[-4000:])
        die("BottleCRM's first organisation could not be made.")
    return json.loads(line[len("FACTS "):])


def _serve(root, python, env, port, base_url, children):
    logs = os.path.join(root, "log")
    children.start("web", [
        os.path.join(os.path.dirname(python), "gunicorn"), "crm.wsgi:application", "-b", "127.0.0.1:%d" % port,
        "-w", "1", "-k", "gthread", "--threads", "8", "--graceful-timeout", "5", "--no-control-socket",
        # Longer than any client keeps an idle connection: whoever stalls on a busy machine does not meet its end.
        "--keep-alive", "30",
    ], os.path.join(logs, "web.log"), cwd=root, env=env)
    for _ in range(1200):
        if children.dead():
            break
        try:
            with urllib.request.urlopen(base_url + "/healthz/", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    die("BottleCRM did not come up; see %s." % os.path.join(logs, "web.log"))


def _version():
    with open(REQUIREMENTS) as f:
        return next(line.split("==")[1].strip() for line in f if line.startswith("django-crm=="))


def _load_state(path):
    try:
        with open(path) as f:
            state = json.load(f)
    except (OSError, ValueError):
        state = {}
    for key in ("secret_key", "pg_password", "crm_password", "admin_password"):
        state.setdefault(key, secrets.token_hex(24))
    return state


def _save(path, data):
    """Secrets inside: for the owner's eyes, and never half written."""
    part = path + ".part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
        json.dump(data, f, indent=1)
    os.replace(part, path)


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def _options():
    parser = argparse.ArgumentParser(description="Run BottleCRM (django-crm) on loopback.")
    parser.add_argument("--dir", required=True)
    parser.add_argument("--cache", required=True, help="the installed CRM and its empty database, shared by all folders")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--db", choices=("auto", "postgres", "sqlite"), default="auto")
    parser.add_argument("--start-id", help="repeated in ready.json, to tell it from one that a killed start left behind")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
