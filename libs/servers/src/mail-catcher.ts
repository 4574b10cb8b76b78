// A mail server that delivers nothing: it keeps every mail and shows it on a page. For the demo and for tests.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import type { CaughtMail } from './caught-mail.ts';
import { openMailBox } from './mail-box.ts';
import { mailInbox } from './mail-inbox.ts';
import { type SmtpFaults, smtpCatcher } from './mail-smtp.ts';
import { isFree } from './ports.ts';
import { onPort, portTaken } from './processes.ts';

export interface MailCatcherOptions {
  /** Where mails are kept between starts. */
  dir: string;
  /** Free ones when left out. */
  smtpPort?: number;
  httpPort?: number;
  /** Where it listens: this machine alone when left out. */
  host?: string;
}

export interface MailCatcher extends SmtpFaults, AsyncDisposable {
  smtpUrl: string;
  httpUrl: string;
  /** The oldest first. */
  mails(): CaughtMail[];
  /** Resolves with the first mail, present or future, that matches; rejects after `timeoutMs` (20 s). */
  waitFor(matches: (mail: CaughtMail) => boolean, timeoutMs?: number): Promise<CaughtMail>;
  clear(): Promise<void>;
  /** Connections to the SMTP port are refused until `acceptConnections`. */
  refuseConnections(): Promise<void>;
  acceptConnections(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMailCatcher({
  dir,
  smtpPort,
  httpPort,
  host = '127.0.0.1',
}: MailCatcherOptions): Promise<MailCatcher> {
  const box = await openMailBox(join(resolve(dir), 'mails'));
  const smtp = await onPort(smtpPort, async (port) => {
    await mustBeFree(port);
    const catcher = smtpCatcher(box, port, host);
    await catcher.listen();
    return { ...catcher, port };
  });
  const http = await onPort(httpPort, async (port) => {
    await mustBeFree(port);
    const server = createServer(mailInbox(box)).listen(port, host);
    await once(server, 'listening');
    return { port, server };
  }).catch(async (error) => {
    await smtp.close();
    throw error;
  });

  const stop = async () => {
    const closed = new Promise((resolve) => http.server.close(resolve));
    http.server.closeAllConnections();
    await Promise.all([smtp.close(), closed]);
  };
  return {
    smtpUrl: `smtp://127.0.0.1:${smtp.port}`,
    httpUrl: `http://127.0.0.1:${http.port}`,
    mails: box.mails,
    waitFor: box.waitFor,
    clear: box.clear,
    fail: smtp.fail,
    loseAnswers: smtp.loseAnswers,
    refuseConnections: smtp.close,
    acceptConnections: smtp.listen,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function mustBeFree(port: number): Promise<void> {
  if (!(await isFree(port))) throw portTaken('mail catcher', port);
}
