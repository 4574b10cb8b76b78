// Plays a site's desk again, sequence by sequence, by rules written down here anew: nobody above his capacity, and who waits longest is served first.
import type { RawEvent } from './check-stream.ts';

interface Desk {
  queue: string[];
  agentOf: Map<string, string>;
}

export function checkDesk(
  stream: readonly RawEvent[],
  site: string,
  capacity: number,
): { invariant: string; looked: number; broken: string[] } {
  const broken: string[] = [];
  let desk: Desk = { queue: [], agentOf: new Map() };
  const events = stream.filter(({ subject }) => subject === `desk.${site}`);
  let before: number | undefined;
  for (const event of events) {
    const { type, data, seq, number } = event;
    // A snapshot takes the place of all before it, so the first number seen may be any.
    if (before !== undefined && number !== before + 1)
      broken.push(`desk sequence ${seq}: number ${number} after ${before}`);
    before = number;
    if (type === 'desk-snapshot') desk = fromSnapshot(data);
    else play(desk, event, broken);
    for (const agent of new Set(desk.agentOf.values())) {
      const load = [...desk.agentOf.values()].filter((one) => one === agent).length;
      if (load > capacity)
        broken.push(`desk sequence ${seq}: agent ${agent} has ${load} dialogues, capacity is ${capacity}`);
    }
  }
  return { invariant: 'capacity and first come, first served', looked: events.length, broken };
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
