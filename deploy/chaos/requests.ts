// Listens at NATS to what gateways ask of the conversation service, as a third party: which requests have no reply yet. Knows the wire, not the product's code.
import { ALL_ALONG, connectAs, leave, type NatsAccess } from './check-stream.ts';

export interface Requests extends AsyncDisposable {
  /** Those that somebody waits for: the subjects that their replies would come on. @param since asked at that moment or later, by `performance.now()`; within the last five seconds when left out */
  open(since?: number): string[];
  /** No reply has come by now, nor before the server went that was to bring it. */
  isUnanswered(request: string): boolean;
  /** Asked at that moment or later, and waiting for so long already. */
  waitsSince(since: number, ms: number): boolean;
}

/** Whoever asks gives up after that: what is older is with nobody any more, also where it died with the process that had it. */
const GIVEN_UP_MS = 5_000;
const ASKED = 'command.conversation.>';
const REPLIES = '_INBOX_gateway.>';

export async function watchRequests(access: NatsAccess): Promise<Requests> {
  const connection = await connectAs(access, ALL_ALONG);
  const asked = new Map<string, number>();
  /** They went with their server: whether anybody replied afterwards is not to be known. */
  let cutOff = new Set<string>();
  connection.subscribe(ASKED, {
    callback: (_error, { reply }) => {
      if (reply) asked.set(reply, performance.now());
    },
  });
  connection.subscribe(REPLIES, { callback: (_error, { subject }) => void asked.delete(subject) });
  void (async () => {
    for await (const { type } of connection.status())
      if (type === 'disconnect') {
        cutOff = new Set(asked.keys());
        asked.clear();
      }
  })();
  await connection.flush();

  const open = (since = performance.now() - GIVEN_UP_MS): string[] =>
    [...asked].filter(([, at]) => at >= since).map(([request]) => request);
  return {
    open,
    isUnanswered: (request) => asked.has(request) || cutOff.has(request),
    waitsSince: (since, ms) => [...asked.values()].some((at) => at >= since && performance.now() - at >= ms),
    [Symbol.asyncDispose]: () => leave(connection),
  };
}
