// A worker of jest ends when the run that gave it work is gone, killed or done without it, instead of going on with its test file for nobody.
// What it has started ends with it (libs/servers).

/** Looked at instead of listened for: a listener would keep an idle worker alive. */
const LOOK_MS = 500;

if (process.channel)
  setInterval(() => {
    if (!process.connected) process.kill(process.pid, 'SIGKILL');
  }, LOOK_MS).unref();
