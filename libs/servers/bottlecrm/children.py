"""The processes below the launcher. They end with it, even when it is killed."""
import ctypes
import os
import signal
import subprocess

from console import say

PATIENCE_SECONDS = 15


class Children:
    def __init__(self):
        self._items = []  # (name, Popen, signal that stops it), in the order of starting

    def start(self, name, command, log, stop=signal.SIGTERM, **options):
        with open(log, "ab") as out:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, preexec_fn=_die_with_parent, **options)
        self._items.append((name, process, stop))
        return process

    def dead(self):
        """The names of those that ended by themselves."""
        return [name for name, process, _ in self._items if process.poll() is not None]

    def stop(self):
        """The last started first: what uses the database ends before the database."""
        for name, process, stop in reversed(self._items):
            if process.poll() is None:
                process.send_signal(stop)
                _await(name, process)


def _await(name, process):
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        say("%s did not stop, killing it" % name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _die_with_parent():
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG, Linux only
    except Exception:
        pass
