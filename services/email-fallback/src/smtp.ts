// The only code that speaks SMTP. It tells apart what the journal must know: was the mail taken, refused, put off, or is that unknown?
// The last bytes of a mail leave only after `claim`, so whatever goes wrong before it is known to have sent nothing.
import { Readable } from 'node:stream';
import { logger } from '@continuo/telemetry';
import { createTransport, type NodemailerError } from 'nodemailer';
import type { Letter } from './domain/compose.ts';

export type Handover =
  | { kind: 'taken' }
  | { kind: 'refused'; words: string }
  | { kind: 'not-now'; words: string }
  /** All of the mail may be at the server, and its answer did not come. */
  | { kind: 'unknown'; words: string }
  /** `claim` said no: another try has this mail. */
  | { kind: 'claimed-elsewhere' };

/** The mail server works for nobody now: unreachable, shutting down, or it does not let us in. */
export class MailServerAwayError extends Error {
  override name = 'MailServerAwayError';
}

export interface Mailer extends Disposable {
  /**
   * @param claim asked once, before the last bytes go out; what it throws stops the mail and is thrown on
   * @throws {MailServerAwayError}
   */
  send(letter: Letter, date: Date, claim: () => Promise<boolean>): Promise<Handover>;
}

type Gate = { claim: () => Promise<boolean>; state: 'shut' | 'open' | 'claimed-elsewhere' | { fault: unknown } };

const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000 };
const log = logger('smtp');

/** @param url `smtp://` or `smtps://`, with user and password where the server wants them */
export function connectMailer(url: string): Mailer {
  const gates = new Map<string, Gate>();
  // maxRequeues 0: a connection that closes fails its mail at once; what follows is for the journal to decide, not for the pool.
  const transport = createTransport({ url, pool: true, maxConnections: 5, maxRequeues: 0, ...TIMEOUTS });
  // The code alone: a server's reply may name the visitor's address.
  transport.on('error', ({ code }: NodemailerError) => log.warn({ code }, 'A connection to the mail server failed.'));
  transport.use('stream', (mail, next) => {
    const gate = gates.get(mail.data.messageId ?? '');
    if (gate) mail.message.processFunc((input) => Readable.from(lastBytesAfter(gate, input as Readable)));
    next();
  });

  return {
    async send({ from, to, subject, messageId, references, html, text }, date, claim) {
      const gate: Gate = { claim, state: 'shut' };
      gates.set(messageId, gate);
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject,
          messageId,
          date,
          html,
          text,
          ...(references.length > 0 && { references, inReplyTo: references.at(-1) }),
          // A person wrote it, so it is not Auto-Submitted (RFC 3834); but nobody reads out-of-office answers to it.
          headers: { 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
        return { kind: 'taken' };
      } catch (error) {
        return judge(error as NodemailerError, gate.state);
      } finally {
        gates.delete(messageId);
      }
    },
    [Symbol.dispose]: () => transport.close(),
  };
}

/** Read only once the server has answered DATA with “go ahead”. A throw ends the connection before the mail is complete. */
async function* lastBytesAfter(gate: Gate, input: Readable): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  for await (const chunk of input) {
    if (last) yield last;
    last = chunk as Buffer;
  }
  const mine = await gate.claim().catch((fault: unknown) => {
    gate.state = { fault };
    throw fault;
  });
  gate.state = mine ? 'open' : 'claimed-elsewhere';
  if (!mine) throw new Error('another try has this mail');
  if (last) yield last;
}

/** What an error of a mail means, given whether its last bytes may have gone out. */
function judge(error: NodemailerError, gate: Gate['state']): Handover {
  if (gate === 'claimed-elsewhere') return { kind: 'claimed-elsewhere' };
  if (typeof gate === 'object') throw gate.fault;
  const words = error.response ?? error.message;
  const aboutThisMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  if (aboutThisMail && !closesDoor(error.responseCode, gate)) {
    // Without a reply it was nodemailer that found the address or the size impossible.
    return { kind: error.responseCode === undefined || error.permanent ? 'refused' : 'not-now', words };
  }
  if (gate === 'open') return { kind: 'unknown', words };
  throw new MailServerAwayError(
    `the mail server cannot be used now (${error.code ?? error.name}): look at it, or at CONTINUO_SMTP_URL`,
    { cause: error },
  );
}

/** 421: shutting down; 530, 535, 538: wants another login. Said before the mail was complete, that is about all mails. */
const closesDoor = (code: number | undefined, gate: Gate['state']): boolean =>
  gate === 'shut' && code !== undefined && [421, 530, 535, 538].includes(code);
