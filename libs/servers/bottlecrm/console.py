"""What the launcher says: progress lines on stderr, and one clear sentence when it gives up."""
import sys
import time

_BEGAN = time.monotonic()


def say(text):
    print("[bottlecrm %6.1fs] %s" % (time.monotonic() - _BEGAN, text), file=sys.stderr, flush=True)


def die(sentence):
    """The caller's last words; whoever started the script shows the part after `error: `."""
    say("error: " + sentence)
    raise SystemExit(1)
