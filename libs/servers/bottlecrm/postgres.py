"""A private PostgreSQL cluster on loopback, without fsync: a throw-away database for a CRM that is somebody else's."""
import glob
import hashlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess

from console import die

# Run by the CRM's Python, which has a driver: waits for the server, executes, prints the databases and roles there are.
CLIENT = """
import json, sys, time, psycopg
want = json.load(sys.stdin)
for attempt in range(600):
    try:
        c = psycopg.connect(host='127.0.0.1', port=want['port'], user='postgres', password=want['password'],
                            dbname='postgres', autocommit=True)
        break
    except psycopg.OperationalError:
        if attempt == 599: raise
        time.sleep(0.1)
for statement in want['statements']: c.execute(statement)
print(json.dumps([row[0] for row in c.execute(
    "select datname from pg_database union all select 'role ' || rolname from pg_roles")]))
"""


def tool(name):
    """The path of a PostgreSQL executable, or None."""
    places = [os.environ.get("BOTTLE_PG_BIN"), *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    for place in filter(None, places):
        if os.path.exists(os.path.join(place, name)):
            return os.path.join(place, name)
    return shutil.which(name)


def is_available():
    return bool(tool("initdb") and tool("postgres"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    """Started by the constructor; `is_new` tells that there was no data before."""

    def __init__(self, root, secrets, children, python):
        self._python = python
        self._password = secrets["pg_password"]
        self._log = os.path.join(root, "log", "postgres.log")
        self._account = _account()
        self._data = self._data_folder(root)
        self.is_new = not os.path.exists(os.path.join(self._data, "PG_VERSION"))
        if self.is_new:
            self._create(root)
        self.port = free_port()
        children.start("postgres", [
            tool("postgres"), "-D", self._data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "synchronous_commit=off",
            "-c", "full_page_writes=off", "-c", "max_connections=60", "-c", "shared_buffers=64MB",
        ], self._log, stop=signal.SIGINT, cwd="/", **self._as_account())
        if "role crm" not in self.execute():
            # Row-level security does not bind superusers, so the CRM gets a plain role.
            self.execute("create role crm login password '%s'" % secrets["crm_password"])
        if "crm" not in self.execute():
            self.recreate_database()

    def execute(self, *statements):
        """Runs statements as the superuser and answers the names of databases and roles."""
        want = json.dumps({"port": self.port, "password": self._password, "statements": statements})
        out = subprocess.run([self._python, "-c", CLIENT], input=want, text=True, capture_output=True)
        if out.returncode != 0:
            die("PostgreSQL refused a statement; its log is %s." % self._log)
        return set(json.loads(out.stdout))

    def recreate_database(self):
        self.execute("drop database if exists crm with (force)", "create database crm owner crm")

    def dump(self, path):
        part = "%s.%d.part" % (path, os.getpid())
        if self._run_tool("pg_dump", "-Fc", "-x", "-f", part):
            os.replace(part, path)

    def restore(self, path):
        return self._run_tool("pg_restore", "-x", path)

    def _run_tool(self, name, *more):
        command = [tool(name), "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "crm", *more]
        if not command[0]:
            return False
        with open(self._log, "ab") as out:
            env = {**os.environ, "PGPASSWORD": self._password}
            return subprocess.run(command, env=env, stdout=out, stderr=out).returncode == 0

    def _data_folder(self, root):
        """Below `root`; where the account cannot enter that (a checkout in /root), elsewhere, with a link in `root`."""
        data = os.path.join(root, "pg")
        if not self._account or self._can_enter(root):
            return data
        base = "/var/tmp" if os.path.isdir("/var/tmp") else "/tmp"
        home = os.path.join(base, "continuo-crm-" + hashlib.sha256(root.encode()).hexdigest()[:12])
        try:
            os.mkdir(home, 0o711)
        except FileExistsError:
            if os.lstat(home).st_uid != os.geteuid():
                die("%s belongs to somebody else: remove it." % home)
        if not os.path.islink(data):
            os.symlink(os.path.join(home, "pg"), data)
        return os.path.join(home, "pg")

    def _can_enter(self, folder):
        enter = ["/bin/sh", "-c", 'cd "$1"', "sh", folder]
        return subprocess.run(enter, cwd="/", stderr=subprocess.DEVNULL, **self._as_account()).returncode == 0

    def _create(self, root):
        shutil.rmtree(self._data, ignore_errors=True)
        os.mkdir(self._data, 0o700)
        password_file = os.path.join(os.path.dirname(self._data), "password")
        with open(os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
            f.write(self._password)
        if self._account:
            for path in (self._data, password_file):
                os.chown(path, self._account.pw_uid, self._account.pw_gid)
        out = subprocess.run(
            [tool("initdb"), "-D", self._data, "-U", "postgres", "-A", "scram-sha-256",
             "--pwfile", password_file, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            capture_output=True, text=True, cwd="/", **self._as_account())
        os.unlink(password_file)
        if out.returncode != 0:
            shutil.rmtree(self._data, ignore_errors=True)
            die("PostgreSQL's initdb failed: %s" % (out.stderr.strip().split("\n")[-1]))

    def _as_account(self):
        if not self._account:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _account():
    """PostgreSQL refuses to run as root, so root lends it another account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    die("PostgreSQL does not run as root, and there is neither a postgres nor a nobody account.")
