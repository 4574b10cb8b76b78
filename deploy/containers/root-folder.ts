// The root file system of an image, out of programs of this machine: each with the libraries that it names and their loader, and nothing else.
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, open, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from '@continuo/servers';

const run = promisify(execFile);
const MERGED = ['bin', 'sbin', 'lib', 'lib64'];
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';
/** Parts of the C library beside it, which packages with code of their own ask for. */
const OF_LIBC = ['libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'libresolv.so.2', 'librt.so.1', 'libutil.so.1'];
const ELF = '\x7fELF';

export interface RootFolder {
  /** @param program a path, or a name on the PATH; it is called by its last part in /usr/bin, unless `as` says otherwise */
  addProgram(program: string, as?: string): Promise<void>;
  /** A folder with all that is in it, and the libraries of its programs. */
  addFolder(from: string, to: string): Promise<void>;
}

export async function newRootFolder(root: string): Promise<RootFolder> {
  for (const folder of ['usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64', 'etc/ssl/certs', 'tmp', 'var/tmp'])
    await mkdir(join(root, folder), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  for (const folder of MERGED) await symlink(`usr/${folder}`, join(root, folder));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  // Whoever this machine trusts: also what stands between it and the package registry.
  await cp(CERTIFICATES, join(root, CERTIFICATES), { dereference: true }).catch(() => {});

  const added = new Set<string>();
  const put = async (from: string, to: string): Promise<void> => {
    if (added.has(to)) return;
    added.add(to);
    await mkdir(dirname(join(root, to)), { recursive: true });
    await cp(await realpath(from), join(root, to));
  };
  const addLibraries = async (program: string): Promise<void> => {
    // What is not dynamic has none, and ldd says so with an error.
    const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
    for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) {
      await put(library, library);
      if (basename(library) !== 'libc.so.6') continue;
      for (const part of OF_LIBC) await put(join(dirname(library), part), join(dirname(library), part));
    }
  };
  return {
    async addProgram(program, as = join('/usr/bin', basename(program))) {
      const path = program.includes('/') ? program : onPath(program).next().value;
      if (!path) throw new Error(`there is no ${program} on this machine`);
      await put(path, as);
      await addLibraries(path);
    },
    async addFolder(from, to) {
      await mkdir(join(root, dirname(to)), { recursive: true });
      await cp(from, join(root, to), { recursive: true, verbatimSymlinks: true });
      for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && (await startOf(path)) === ELF) await addLibraries(path);
      }
    },
  };
}

async function startOf(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.toString('latin1', 0, bytesRead);
}
