// What the widget knows of the visitor's dialogue, folded from the gateway's frames. Pure: a frame in, the next knowledge out.
// A missing number is never papered over: it comes back as `gap`, and the connection says hello again.
import type { AgentRef, Availability, ConversationEvent } from '@continuo/contracts';
import type { AvailabilityFrame, ToVisitor, VisitorWelcome } from '@continuo/contracts/frames';
import { apply, GapError, type Transcript } from '@continuo/transcript';

export interface Knowledge {
  site?: VisitorWelcome['site'];
  /** Unknown until the gateway says so; a form is shown only when it *is* `offline`. */
  availability?: Availability;
  agents: AgentRef[];
  /** The visitor’s place while all are busy and his dialogue waits. */
  queue?: AvailabilityFrame['queue'] | undefined;
  transcript?: Transcript;
  /** Number of the last event that exists; below it we are still being told. */
  head: number;
  /** Number up to which an agent's screen has shown the dialogue. */
  delivered: number;
  typing?: { name?: string; photo?: string };
  /** False: the gateway answers, but cannot store anything at the moment. */
  storing: boolean;
  /** What to add to the device's clock to get the product's. */
  ahead: number;
}

export const NOTHING_KNOWN: Knowledge = { agents: [], head: 0, delivered: 0, storing: true, ahead: 0 };

export interface Learned {
  knowledge: Knowledge;
  /** Ids of commands whose events are in the transcript now. */
  settled: string[];
  gap: boolean;
}

export function learn(before: Knowledge, frame: ToVisitor, now: number): Learned {
  const plain = (knowledge: Knowledge): Learned => ({ knowledge, settled: [], gap: false });
  switch (frame.t) {
    case 'welcome': {
      const knowledge = welcomed(before, frame, now);
      // Who has more than there is has a copy of another time, e.g. from before a restore: all of it is asked for anew.
      return { ...plain(knowledge), gap: numberOf(before) > knowledge.head };
    }
    case 'availability':
      return plain({ ...before, availability: frame.availability, agents: frame.agents, queue: frame.queue });
    case 'transcript': {
      const learned = told(before, frame.conversation, frame.events);
      return { ...learned, knowledge: { ...learned.knowledge, head: frame.head } };
    }
    case 'event':
      return told(before, frame.event.key, [frame.event]);
    case 'typing':
      return plain(frame.by.kind === 'agent' ? { ...before, typing: faceOf(frame.by) } : before);
    case 'delivered':
      return plain(
        frame.to === 'agent' && frame.conversation === before.transcript?.conversation
          ? { ...before, delivered: Math.max(before.delivered, frame.upTo) }
          : before,
      );
    case 'service':
      return plain({ ...before, storing: frame.up });
    default:
      return plain(before);
  }
}

const numberOf = ({ transcript }: Knowledge): number => transcript?.number ?? 0;
export const isUpToDate = (knowledge: Knowledge): boolean => numberOf(knowledge) >= knowledge.head;

export function unread(knowledge: Knowledge): number {
  const { transcript } = knowledge;
  if (!transcript || transcript.lastOf.agent <= transcript.read.visitor) return 0;
  return transcript.items.filter(
    (item) => item.kind === 'message' && item.author.kind !== 'visitor' && item.number > transcript.read.visitor,
  ).length;
}

function welcomed(before: Knowledge, welcome: VisitorWelcome, now: number): Knowledge {
  const { transcript, delivered, typing: _typing, ...rest } = before;
  const { id, head = 0 } = welcome.conversation ?? {};
  const same = transcript !== undefined && transcript.conversation === id && transcript.number <= head;
  return {
    ...rest,
    site: welcome.site,
    availability: welcome.availability,
    agents: welcome.agents,
    queue: undefined,
    head,
    storing: true,
    ahead: welcome.time - now,
    delivered: same ? delivered : 0,
    ...(same && { transcript }),
  };
}

function told(before: Knowledge, conversation: string, events: ConversationEvent[]): Learned {
  const known = before.transcript;
  let transcript = known?.conversation === conversation ? known : undefined;
  const settled: string[] = [];
  let gap = false;
  for (const event of events) {
    try {
      transcript = applied(transcript, event);
      settled.push(event.cause);
    } catch (error) {
      if (!(error instanceof GapError)) throw error;
      gap = true;
      break;
    }
  }
  if (!transcript) return { knowledge: before, settled, gap };
  const spoken = transcript.lastOf.agent > (known?.lastOf.agent ?? 0);
  const { typing, ...rest } = before;
  return {
    knowledge: {
      ...rest,
      transcript,
      head: Math.max(before.head, transcript.number),
      delivered: known && known.conversation !== conversation ? 0 : before.delivered,
      ...(typing && !spoken && { typing }),
    },
    settled,
    gap,
  };
}

/** A newer gateway may know events that this code does not: they count, and show nothing. */
function applied(transcript: Transcript | undefined, event: ConversationEvent): Transcript {
  try {
    return apply(transcript, event);
  } catch (error) {
    if (!(error instanceof TypeError) || transcript?.number !== event.number - 1) throw error;
    return { ...transcript, number: event.number };
  }
}

const faceOf = ({ name, photo }: { name?: string | undefined; photo?: string | undefined }) => ({
  ...(name !== undefined && { name }),
  ...(photo !== undefined && { photo }),
});
