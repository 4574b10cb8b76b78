// Brings node_modules into step with package-lock.json, once, however many processes ask at the same time.
// Plain JavaScript without packages, because it runs before there are any, on whatever Node (20 or newer) is installed.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
/** What npm wrote when it had finished installing. */
const INSTALLED = join(MODULES, '.package-lock.json');
const LOCK = join(ROOT, '.cache', 'installing');
const OLDEST_NODE = 20;
const OWN_NODE = 24;
export const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
const WINDOWS = process.platform === 'win32';

/** Installs when node_modules is not what package-lock.json names; where that cannot be, throws one clear sentence. */
export async function setup() {
  if (nodeMajor() < OLDEST_NODE) {
    throw new Error(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE} or newer and try again.`);
  }
  if (isInstalled()) return;
  const release = await takeLock();
  try {
    if (!isInstalled()) await install();
  } finally {
    release();
  }
}

/** The project's own Node; where none is packaged for this machine, the one that runs this, if it is new enough. */
export function ownNode() {
  const platform = WINDOWS ? 'win' : process.platform;
  const packaged = join(MODULES, `node-${platform}-${process.arch}`, 'bin', WINDOWS ? 'node.exe' : 'node');
  if (existsSync(packaged)) return packaged;
  if (nodeMajor() >= OWN_NODE) return process.execPath;
  throw new Error(
    `No Node is packaged for ${process.platform} ${process.arch}: install Node ${OWN_NODE} or newer and try again.`,
  );
}

function nodeMajor() {
  return Number(process.versions.node.split('.')[0]);
}

/** Every package of the lock file is there in its version; optional ones may be missing, most are for other machines. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const wanted = packagesIn(join(ROOT, 'package-lock.json'));
  const present = packagesIn(INSTALLED);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = present[path];
    return found ? found.version === version : optional;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

async function install() {
  const began = Date.now();
  const stopProgress = showProgress(began);
  const { code, output, ended } = await npmCi();
  stopProgress();
  if (ended) throw new Error('Installing the packages was ended: run the command again, it begins anew.');
  if (code !== 0) throw new Error(explain(output));
  process.stderr.write(`packages installed in ${seconds(began)}\n`);
}

/**
 * A signal ends npm, too: one that went on alone would meet the npm of the next start in the same folder.
 * @returns {Promise<{ code: number | null, output: string, ended: boolean }>}
 */
function npmCi() {
  const [command, ...first] = npmCommand();
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: pathWithoutOwnNode() };
    const child = spawn(command, args, { cwd: ROOT, env, shell: WINDOWS, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    let ended = false;
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      ended = true;
      child.kill(signal);
    };
    for (const signal of SIGNALS) process.on(signal, end);
    /** @param {number | null} code @param {string} said */
    const over = (code, said) => {
      for (const signal of SIGNALS) process.off(signal, end);
      resolve({ code, output: said, ended });
    };
    child.once('error', (error) => over(1, error.message));
    child.once('close', (code) => over(code, output));
  });
}

/**
 * Started by npm, its own Node and file are known; otherwise it is looked for on the PATH.
 * @returns {[string, ...string[]]}
 */
function npmCommand() {
  const { npm_node_execpath: node, npm_execpath: file } = process.env;
  const known = node && file && /npm-cli\.js$/.test(file) && !node.startsWith(MODULES);
  return known ? [node, file] : ['npm'];
}

/** An npm that ran on node_modules/.bin/node would lose its Node while it replaces node_modules. */
function pathWithoutOwnNode() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.filter((folder) => !folder.startsWith(MODULES)).join(delimiter);
}

/** @param {string} output */
function explain(output) {
  if (/spawn npm ENOENT|npm: (command )?not found|is not recognized/.test(output)) {
    return 'npm is missing: install it (it comes with Node) and try again.';
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.test(output)) {
    return 'The package registry cannot be reached: check the network and the registry and proxy settings of npm, then try again.';
  }
  if (/ENOSPC/.test(output)) return 'The disk is full: the packages need about 1 GB. Make room and try again.';
  return `npm ci failed:\n${output.trim().split('\n').slice(0, 12).join('\n')}`;
}

/** The lock is a file with its owner's process id; a lock whose owner is gone is taken over. */
async function takeLock() {
  mkdirSync(join(LOCK, '..'), { recursive: true });
  let told = false;
  while (!claim()) {
    const owner = lockOwner();
    if (owner !== undefined && !isAlive(owner)) discardLockOf(owner);
    else {
      if (!told) process.stderr.write('another process is installing the packages; waiting for it\n');
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const release = () => rmSync(LOCK, { force: true });
  process.once('exit', release);
  return () => {
    process.off('exit', release);
    release();
  };
}

function claim() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while the lock is just being written or has just been given back. */
function lockOwner() {
  try {
    return Number(readFileSync(LOCK, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Moved aside before it is deleted: of several that saw the dead owner, one succeeds, and none deletes a new lock unseen.
 * @param {number} owner
 */
function discardLockOf(owner) {
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (Number(readFileSync(aside, 'utf8')) !== owner) renameSync(aside, LOCK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}

/**
 * One line, counting in a terminal, written once anywhere else.
 * @param {number} began
 */
function showProgress(began) {
  const line = () => process.stderr.write(`\rinstalling packages, ${seconds(began)} (about a minute) …`);
  if (!process.stderr.isTTY) {
    process.stderr.write('installing packages (npm ci), about a minute …\n');
    return () => {};
  }
  const timer = setInterval(line, 1000);
  return () => {
    clearInterval(timer);
    process.stderr.write('\r\x1b[K');
  };
}

/** @param {number} began */
function seconds(began) {
  return `${Math.round((Date.now() - began) / 1000)} s`;
}
