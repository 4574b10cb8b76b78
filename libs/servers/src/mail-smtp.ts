// The SMTP side of the mail catcher: takes every mail, unless a test has told it to misbehave.
// The answer 250 is given after the mail has been stored.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { MailBox } from './mail-box.ts';

const LARGEST_MAIL = 25 * 1024 ** 2;

export interface SmtpFault {
  /** What is answered instead of 250: 4xx asks to try again, 5xx refuses for good. */
  code: number;
  times: number;
  /** Refuse the recipient, or (by default) the mail once it has been sent. */
  at?: 'recipient' | 'data';
}

export interface SmtpFaults {
  /** The next `times` mails are refused. */
  fail(fault: SmtpFault): void;
  /** The next `times` mails are stored, and the connection is cut before the sender hears of it. */
  loseAnswers(times: number): void;
}

export interface SmtpCatcher extends SmtpFaults {
  /** Takes no connections until `listen` is called again. */
  close(): Promise<void>;
  listen(): Promise<void>;
}

export function smtpCatcher(box: MailBox, port: number, host: string): SmtpCatcher {
  let faults: Required<SmtpFault>[] = [];
  let answersToLose = 0;
  let server: SMTPServer | undefined;
  /** By the sender's port: a session knows that, and not its socket. */
  const sockets = new Map<number, Socket>();

  const takeFault = (at: Required<SmtpFault>['at']): Error | undefined => {
    const fault = faults.find((candidate) => candidate.at === at);
    if (!fault) return undefined;
    fault.times--;
    faults = faults.filter(({ times }) => times > 0);
    return Object.assign(new Error('refused by the test'), { responseCode: fault.code });
  };

  const receive = async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | undefined> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (stream.sizeExceeded) return Object.assign(new Error('too big'), { responseCode: 552 });
    const fault = takeFault('data');
    if (fault) return fault;
    const { mailFrom, rcptTo } = session.envelope;
    const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
    await box.add(envelope, Buffer.concat(chunks));
    if (answersToLose > 0) {
      answersToLose--;
      sockets.get(session.remotePort)?.destroy();
    }
    return undefined;
  };

  const listen = async () => {
    const fresh = new SMTPServer({
      authOptional: true,
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      size: LARGEST_MAIL,
      closeTimeout: 500,
      onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anyone' }),
      onRcptTo: (_address, _session, done) => done(takeFault('recipient')),
      onData: (stream, session, done) => void receive(stream, session).then(done, done),
    });
    fresh.server.on('connection', (socket: Socket) => {
      const { remotePort = 0 } = socket;
      sockets.set(remotePort, socket);
      socket.once('close', () => sockets.delete(remotePort));
    });
    fresh.listen(port, host);
    await once(fresh.server, 'listening');
    fresh.on('error', () => {}); // a sender that hangs up in the middle is its own affair
    server = fresh;
  };

  const close = async () => {
    const open = server;
    server = undefined;
    await new Promise<void>((resolve) => (open ? open.close(resolve) : resolve()));
  };

  return {
    fail: (fault) => void faults.push({ at: 'data', ...fault }),
    loseAnswers: (times) => {
      answersToLose = times;
    },
    listen,
    close,
  };
}
