// A disk of a few megabytes that a test can really fill, and make room on again: a file system in memory, which only root may mount.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TinyDisk extends AsyncDisposable {
  readonly dir: string;
  /** Leaves so many bytes. */
  fill(left: number): Promise<void>;
  makeRoom(): Promise<void>;
}

export const mayMount = (): boolean => process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0;

/** @param within a folder of the caller's, in which it is mounted under this name */
export async function tinyDisk(within: string, name: string, megabytes: number): Promise<TinyDisk> {
  const dir = join(within, name);
  await mkdir(dir, { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'continuo-tiny-disk', dir);
  const ballast = join(dir, 'ballast');
  return {
    dir,
    async fill(left) {
      const { bavail, bsize } = await statfs(dir);
      await writeFile(ballast, Buffer.alloc(bavail * bsize - left));
    },
    makeRoom: () => rm(ballast),
    [Symbol.asyncDispose]: async () => run('umount', dir),
  };
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'continuo-tiny-disk-'));

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
}
