// Keeps caught mails on the disk, one file each, so that they are still there after a restart.
// A mail that `add` has resolved for is stored; numbers grow and are never given again.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CaughtMail, type Envelope, parseMail } from './caught-mail.ts';

export interface MailBox {
  /** The oldest first. */
  mails(): CaughtMail[];
  get(id: string): CaughtMail | undefined;
  add(envelope: Envelope, raw: Buffer): Promise<CaughtMail>;
  clear(): Promise<void>;
  /** Resolves with the first mail, present or future, that matches. */
  waitFor(matches: (mail: CaughtMail) => boolean, timeoutMs?: number): Promise<CaughtMail>;
}

export async function openMailBox(dir: string): Promise<MailBox> {
  await mkdir(dir, { recursive: true });
  let kept = await readMails(dir);
  let next = Number(kept.at(-1)?.id ?? 0) + 1;
  const watchers = new Set<(mail: CaughtMail) => void>();

  const add = async (envelope: Envelope, raw: Buffer) => {
    const id = String(next++).padStart(6, '0');
    const mail = await parseMail(id, envelope, raw);
    await writeFile(join(dir, `${id}.part`), JSON.stringify(mail));
    await rename(join(dir, `${id}.part`), join(dir, `${id}.json`));
    kept.push(mail);
    for (const watch of watchers) watch(mail);
    return mail;
  };

  const clear = async () => {
    const gone = kept;
    kept = [];
    await Promise.all(gone.map(({ id }) => rm(join(dir, `${id}.json`), { force: true })));
  };

  const waitFor = (matches: (mail: CaughtMail) => boolean, timeoutMs = 20_000) => {
    const present = kept.find(matches);
    if (present) return Promise.resolve(present);
    return new Promise<CaughtMail>((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        watchers.delete(watch);
      };
      const watch = (mail: CaughtMail) => {
        if (!matches(mail)) return;
        finish();
        resolve(mail);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`the mail did not come in ${timeoutMs} ms; ${kept.length} others are there`));
      }, timeoutMs);
      watchers.add(watch);
    });
  };

  return { mails: () => [...kept], get: (id) => kept.find((mail) => mail.id === id), add, clear, waitFor };
}

async function readMails(dir: string): Promise<CaughtMail[]> {
  const names = (await readdir(dir)).filter((name) => /^\d+\.json$/.test(name)).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(dir, name), 'utf8'))));
}
