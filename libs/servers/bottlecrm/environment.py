"""The Python that runs the CRM: finds one that is new enough and installs the package into a virtual environment."""
import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys

from console import die, say

MIN_PYTHON = (3, 12)
REQUIREMENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "requirements.txt")
PROBE = "import sys, ssl, sqlite3, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def prepared_python(cache):
    """The interpreter of the virtual environment below `cache`, made on the first call; one process at a time makes it."""
    os.makedirs(cache, exist_ok=True)
    venv = os.path.join(cache, "venv")
    python = os.path.join(venv, "bin", "python")
    stamp = os.path.join(venv, ".installed")
    with open(REQUIREMENTS) as f:
        wanted = f.read()
    with open(os.path.join(cache, "install.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (_content(stamp) == wanted and _is_usable(python)):
            _install(venv, python, os.path.join(cache, "install.log"))
            with open(stamp, "w") as f:
                f.write(wanted)
    return python


def _install(venv, python, log):
    base = _find_python()
    shutil.rmtree(venv, ignore_errors=True)
    uv = shutil.which("uv")
    if uv:
        steps = [
            [uv, "venv", "-q", "--python", base, venv],
            [uv, "pip", "install", "-q", "--python", python, "-r", REQUIREMENTS],
        ]
    else:
        steps = [
            [base, "-m", "venv", venv],
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", REQUIREMENTS],
        ]
    say("installing BottleCRM with %s on %s (about 90 MB)" % ("uv" if uv else "pip", base))
    with open(log, "wb") as out:
        for step in steps:
            if subprocess.run(step, stdout=out, stderr=out).returncode != 0:
                die("BottleCRM could not be installed; is the package index in reach? The log is %s." % log)
    say("installed BottleCRM")


def _find_python():
    for path in _candidates():
        if _is_usable(path):
            return path
    uv = shutil.which("uv")
    if uv:
        subprocess.run([uv, "python", "install", "3.13"], capture_output=True)
        found = subprocess.run([uv, "python", "find", "3.13"], capture_output=True, text=True)
        if found.returncode == 0 and _is_usable(found.stdout.strip()):
            return found.stdout.strip()
    die("BottleCRM needs Python 3.12 or newer with venv: install one, or uv, or set BOTTLE_PYTHON to one.")


def _candidates():
    if os.environ.get("BOTTLE_PYTHON"):
        yield os.environ["BOTTLE_PYTHON"]
    for name in ("python3.13", "python3.12", "python3.14"):
        found = shutil.which(name)
        if found:
            yield found
    roots = [os.environ.get("PYENV_ROOT"), os.path.expanduser("~/.pyenv"), "/opt/pyenv"]
    for root in filter(None, roots):
        paths = glob.glob(os.path.join(root, "versions", "3.*", "bin", "python3"))
        yield from sorted((p for p in paths if _pyenv_version(p) >= MIN_PYTHON), key=_pyenv_version, reverse=True)
    yield sys.executable


def _pyenv_version(path):
    found = re.search(r"versions/(\d+)\.(\d+)\.(\d+)/", path)
    return tuple(int(n) for n in found.groups()) if found else (0,)


def _is_usable(path):
    """Runs, is new enough, and can make a virtual environment."""
    try:
        out = subprocess.run([path, "-c", PROBE], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return out.returncode == 0 and tuple(int(n) for n in out.stdout.strip().split(".")) >= MIN_PYTHON


def _content(path):
    try:
        with open(path) as f:
            return f.read()
    except OSError:
        return None
