// Visitors with the widget's own code, less its picture: what each was shown while the gateways changed under it is what the test looks at.
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@continuo/testing';
import { messagesOf } from '@continuo/transcript';
import WebSocket from 'ws';
import { type Client, openClient } from '../../services/gateway/widget/src/client.ts';
import type { Surroundings } from '../../services/gateway/widget/src/connection.ts';
import { givenStorage } from '../../services/gateway/widget/src/given.ts';
import { openKeep } from '../../services/gateway/widget/src/keep.ts';
import { openTabs } from '../../services/gateway/widget/src/tabs.ts';
import type { Others } from '../chaos/end.ts';
import type { Company } from '../chaos/installation.ts';

/** What a socket says that this side has ended. */
const ENDED_HERE = 1005;

export interface Shown {
  /** For how long each absence of a line lasted, in milliseconds. */
  absences: number[];
  /** For how long each time the gateway said that nothing is stored, in milliseconds. */
  unstored: number[];
  /** How many sockets each absence of a line took until it was back: more than one is a visitor who waits. */
  dials: number[];
  /** What the widget has a word or a mark for: a refusal, a full store, a gateway that wants nobody. */
  failures: string[];
  /** After how long each socket was told to move. */
  moves: number[];
  /** Codes with which sockets ended that nobody had told to move. */
  untold: number[];
}
export interface Widgets extends Others {
  readonly shown: Shown;
  /** Nobody writes any more; resolves when everything written is stored and shown. */
  finish(): Promise<void>;
  /** Each conversation as its visitor sees it now, message by message. */
  screens(): Map<string, string[]>;
}
/** Whose page the visitors are on. */
type Where = { site: Pick<Company['site'], 'id' | 'origins'> };

export async function openWidgets(
  count: number,
  company: Where,
  gateways: () => string[],
  { writeEveryMs = 400 } = {},
): Promise<Widgets> {
  const shown: Shown = { absences: [], unstored: [], dials: [], failures: [], moves: [], untold: [] };
  const clients = Array.from({ length: count }, (_, index) => widget(company, gateways, shown, index));
  let over = false;
  const written = clients.map(async (client, index) => {
    const said: string[] = [];
    for (; !over; await sleep(writeEveryMs)) {
      said.push(`w${index} says ${said.length + 1}`);
      client.send(said.at(-1) as string);
    }
    return said;
  });
  await eventually(() => {
    for (const client of clients) if (own(client).length === 0) throw new Error('a visitor has not begun yet');
  });
  return {
    shown,
    async finish() {
      over = true;
      const said = await Promise.all(written);
      await eventually(
        () => {
          for (const [index, client] of clients.entries())
            if (own(client).join() !== said[index]?.join() || client.state().parcels.length > 0)
              throw new Error(`visitor ${index} sees ${own(client).length} of ${said[index]?.length} messages`);
        },
        { withinMs: 60_000 },
      );
    },
    screens: () =>
      new Map(
        clients.flatMap((client) => {
          const { transcript } = client.state().known;
          return transcript ? [[transcript.conversation, messagesOf(transcript).map(({ text }) => text)] as const] : [];
        }),
      ),
    async writeScreens(ledger, headOf) {
      for (const [index, client] of clients.entries()) {
        // Agents may have gone on answering when the visitor had said his last.
        const transcript = await eventually(() => {
          const { transcript: shows } = client.state().known;
          if (!shows || shows.number < headOf(shows.conversation))
            throw new Error(`visitor ${index} sees ${shows?.number} events`);
          return shows;
        });
        const messages = messagesOf(transcript).map(({ number, id, text }) => ({ number, id, text }));
        const { conversation, number } = transcript;
        ledger.write({ kind: 'screen', who: `widget ${index}`, conversation, number, messages });
      }
    },
    [Symbol.dispose]: () => {
      for (const client of clients) client.stop(true);
    },
  };
}

const own = (client: Client): string[] => {
  const { transcript } = client.state().known;
  return transcript
    ? messagesOf(transcript).flatMap(({ author, text }) => (author.kind === 'visitor' ? [text] : []))
    : [];
};

function widget({ site }: Where, gateways: () => string[], shown: Shown, index: number): Client {
  let dials = index;
  let dialsBefore = 0;
  let awaySince = 0;
  const around: Surroundings = {
    now: Date.now,
    random: Math.random,
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    inSight: () => true,
    online: () => true,
    wire() {
      const all = gateways();
      const address = `${all[dials++ % all.length]?.replace(/^http/, 'ws')}/ws/visitor`;
      const socket = new WebSocket(address, { headers: { Origin: site.origins[0] as string } });
      let told = false;
      socket.on('error', () => {});
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as { t: string; afterMs: number };
        if (frame.t !== 'move') return;
        told = true;
        shown.moves.push(frame.afterMs);
      });
      socket.on('close', (code) => {
        if (!told && code !== ENDED_HERE) shown.untold.push(code);
      });
      return socket as never;
    },
  };
  const client = openClient({
    site: site.id,
    language: 'en',
    keep: openKeep(site.id, givenStorage()),
    around,
    tabs: openTabs(undefined, site.id),
  });
  let away = false;
  let unstoredSince: number | undefined;
  client.subscribe(() => {
    const { line, known, full, parcels } = client.state();
    if (line === 'lost' && !away) [dialsBefore, awaySince] = [dials, Date.now()];
    if (line === 'live' && away) {
      shown.dials.push(dials - dialsBefore);
      shown.absences.push(Date.now() - awaySince);
    }
    away = line === 'lost';
    if (line === 'refused') shown.failures.push('the gateway wants nobody');
    if (line === 'live' && !known.storing) unstoredSince ??= Date.now();
    else if (unstoredSince !== undefined) {
      shown.unstored.push(Date.now() - unstoredSince);
      unstoredSince = undefined;
    }
    if (full) shown.failures.push('full');
    for (const { refusal } of parcels) if (refusal) shown.failures.push(refusal);
  });
  return client;
}
