// The agent's own messages between Enter and their event. Pure; the workplace keeps the list in the browser, so a reload loses nothing.
// One message of a conversation is under way at a time: their order is the order of writing.
import type { Card, ResumedFrom, Survey } from '@continuo/contracts';
import type { AgentFrame, ToAgent } from '@continuo/contracts/frames';
import { againAfter } from './protocol.ts';

export interface Outgoing {
  /** Id of the command; the server stores it once, however often it arrives. */
  id: string;
  conversation: string;
  text: string;
  from: ResumedFrom;
  /** `way`: it is not at the gateway yet. `content`: where the browser keeps it; `id`: what the gateway calls it. */
  file?: { name: string; bytes: number; content: string; way: boolean; id?: string };
  card?: Card;
  survey?: Survey;
  at: number;
  /** Why the server did not take it; it then waits for the agent. */
  refused?: { refusal: string; words: string };
}
export type Outbox = readonly Outgoing[];

/** What may go out now: the first of each conversation that nobody refused. Words do not wait for a file that is on its way. */
export function due(outbox: Outbox): Outgoing[] {
  const seen = new Set<string>();
  return outbox.filter((message) => {
    if (message.refused || message.file?.way || seen.has(message.conversation)) return false;
    seen.add(message.conversation);
    return true;
  });
}

export const frameOf = ({ id, conversation, text, file, card, survey, from }: Outgoing): AgentFrame => ({
  t: 'command',
  id,
  name: 'send-message',
  data: {
    conversation,
    text,
    ...(file?.id !== undefined && { files: [file.id] }),
    ...(card && { card }),
    // The server has its words.
    ...(survey && { survey: survey.id }),
    from,
  },
});

export function settle(outbox: Outbox, frame: ToAgent): Outbox {
  if (frame.t === 'event') return without(outbox, frame.event.cause);
  if (frame.t === 'transcript') return frame.events.reduce((rest, event) => without(rest, event.cause), outbox);
  if (frame.t === 'done') return without(outbox, frame.id);
  if (frame.t !== 'refused' || againAfter(frame) !== undefined) return outbox;
  const { refusal, words } = frame;
  return replace(outbox, frame.id, (message) => ({ ...message, refused: { refusal, words } }));
}

/** Tries a refused message again, under a new id: the old one has its answer for ever. */
export const again = (outbox: Outbox, id: string, newId: string): Outbox =>
  replace(outbox, id, ({ refused, ...message }) => ({
    ...message,
    id: newId,
    // The gateway has it no longer: it is brought anew.
    ...(message.file && refused?.refusal === 'file-unknown' && { file: { ...message.file, way: true } }),
  }));

/** What came of bringing its file to the gateway. */
export const withFile = (outbox: Outbox, id: string, outcome: { file: string } | { refusal: string }): Outbox =>
  replace(outbox, id, (message) =>
    'refusal' in outcome
      ? { ...message, refused: { refusal: outcome.refusal, words: '' } }
      : { ...message, ...(message.file && { file: { ...message.file, way: false, id: outcome.file } }) },
  );

export function without(outbox: Outbox, id: string): Outbox {
  return outbox.some((message) => message.id === id) ? outbox.filter((message) => message.id !== id) : outbox;
}

function replace(outbox: Outbox, id: string, change: (message: Outgoing) => Outgoing): Outbox {
  if (!outbox.some((message) => message.id === id)) return outbox;
  return outbox.map((message) => (message.id === id ? change(message) : message));
}

/** What an earlier visit left in the browser, as far as it is still readable. */
export function parseOutbox(raw: unknown): Outbox | undefined {
  if (!Array.isArray(raw)) return undefined;
  return raw.filter(
    (message): message is Outgoing =>
      typeof message?.id === 'string' &&
      typeof message.conversation === 'string' &&
      typeof message.text === 'string' &&
      typeof message.from === 'string' &&
      typeof message.at === 'number',
  );
}
