// Plays a site's desk again, sequence by sequence, by rules written down here anew: nobody above his capacity, and who waits longest is served first.
import type { RawEvent } from './check-stream.ts';

interface Desk {
  queue: string[];
  agentOf: Map<string, string>;
}

interface DeskFinding {
  invariant: string;
  looked: number;
  broken: string[];
}

/** @param stream all that was ever there, rolled up or not; right before a snapshot some may be missing, if the recorder was away */
export function checkDesk(stream: readonly RawEvent[], site: string, capacity: number): DeskFinding[] {
  const snapshots: string[] = [];
  let compared = 0;
  const broken: string[] = [];
  let desk: Desk = { queue: [], agentOf: new Map() };
  const events = stream.filter(({ subject }) => subject === `desk.${site}`);
  let before: number | undefined;
  for (const event of events) {
    const { type, data, seq, number } = event;
    const follows = number === (before ?? 0) + 1;
    before = number;
    if (type === 'desk-snapshot') {
      const said = fromSnapshot(data);
      if (follows) compared += 1;
      if (follows && inWords(said) !== inWords(desk))
        snapshots.push(`desk sequence ${seq}: the snapshot says ${inWords(said)}, played ${inWords(desk)}`);
      desk = said;
    } else {
      if (!follows) broken.push(`desk sequence ${seq}: number ${number} does not follow`);
      play(desk, event, broken);
    }
    for (const agent of new Set(desk.agentOf.values())) {
      const load = [...desk.agentOf.values()].filter((one) => one === agent).length;
      if (load > capacity)
        broken.push(`desk sequence ${seq}: agent ${agent} has ${load} dialogues, capacity is ${capacity}`);
    }
  }
  return [
    { invariant: 'capacity and first come, first served', looked: events.length, broken },
    { invariant: 'desk snapshot = what went before', looked: compared, broken: snapshots },
  ];
}

function play({ queue, agentOf }: Desk, { type, data, seq }: RawEvent, broken: string[]): void {
  const leave = (conversation: string): void => {
    const at = queue.indexOf(conversation);
    if (at >= 0) queue.splice(at, 1);
  };
  if (type === 'dialogue-queued') {
    if (queue.includes(data.conversation) || agentOf.has(data.conversation))
      broken.push(`desk sequence ${seq}: ${data.conversation} is queued twice`);
    queue.push(data.conversation);
  } else if (type === 'dialogue-taken') {
    leave(data.conversation);
    agentOf.set(data.conversation, data.agent);
  } else if (type === 'slot-freed') {
    leave(data.conversation);
    agentOf.delete(data.conversation);
  } else if (type === 'agent-state-changed') {
    const back = (data.requeued as { conversation: string }[]).map(({ conversation }) => conversation);
    for (const conversation of back) agentOf.delete(conversation);
    queue.unshift(...back);
  } else broken.push(`desk sequence ${seq}: ${type} is unknown to the checker`);
  for (const { conversation, agent } of data.assigned ?? []) {
    if (queue[0] !== conversation) broken.push(`desk sequence ${seq}: ${conversation} was served before ${queue[0]}`);
    leave(conversation);
    agentOf.set(conversation, agent);
  }
}

const fromSnapshot = (data: {
  queue: { conversation: string }[];
  slots: { conversation: string; agent: string }[];
}): Desk => ({
  queue: data.queue.map(({ conversation }) => conversation),
  agentOf: new Map(data.slots.map(({ conversation, agent }) => [conversation, agent])),
});

const inWords = ({ queue, agentOf }: Desk): string => JSON.stringify([queue, [...agentOf].toSorted()]);
