// A hang made on purpose, for tests: `node --import deploy/faults/hang.ts`. SIGUSR2 stops every repeating loop of the process, as if each waited
// for something that never comes, and lets a minute pass at once; the next SIGUSR2 lets them turn again.
const MINUTE = 60_000;
let hangs = false;
let ahead = 0;

const later = globalThis.setInterval;
const hanging = (run: () => void, ms?: number) => later(() => hangs || run(), ms);
globalThis.setInterval = hanging as typeof setInterval;
const now = performance.now.bind(performance);
performance.now = () => now() + ahead;

process.on('SIGUSR2', () => {
  hangs = !hangs;
  if (hangs) ahead += MINUTE;
});
