// Plays a site's desk again, sequence by sequence, by rules written down here anew: nobody above his capacity, nobody idle while somebody waits, nothing for
// who is not there, and who waits longest is served first.
import type { RawEvent } from './check-stream.ts';

interface Held {
  agent: string;
  /** When he got it. */
  since: number;
}
interface Desk {
  queue: string[];
  held: Map<string, Held>;
  /** Of each agent that the desk has met. */
  states: Map<string, string>;
}

interface DeskFinding {
  invariant: string;
  looked: number;
  broken: string[];
}

/** What was written down as it came, with what still stands and was not: what then lacks was taken out of the stream itself. */
export function wholeStream(recorded: readonly RawEvent[], standing: readonly RawEvent[]): RawEvent[] {
  const known = new Set(recorded.map(({ seq }) => seq));
  return [...recorded, ...standing.filter(({ seq }) => !known.has(seq))].sort((a, b) => a.seq - b.seq);
}

/** @param stream of all sites, from its first sequence on. Only what a snapshot rolled up while the recorder was away may lack: then its sequences lack, too */
export function checkDesk(stream: readonly RawEvent[], site: string, capacity: number): DeskFinding[] {
  const snapshots: string[] = [];
  const broken: string[] = [];
  let compared = 0;
  let looked = 0;
  let desk: Desk = { queue: [], held: new Map(), states: new Map() };
  let before = { number: 0, unseen: 0 };
  for (const [index, event] of stream.entries()) {
    if (event.subject !== `desk.${site}`) continue;
    looked += 1;
    const { type, data, seq, number } = event;
    const said = (words: string): string => `desk sequence ${seq}: ${words}`;
    // Sequences begin at 1 and none is left out: whatever is missing up to here was taken out.
    const unseen = seq - index - 1;
    const missing = number - before.number - 1;
    const wasRolledUp = missing > 0 && missing <= unseen - before.unseen;
    before = { number, unseen };
    if (type === 'desk-snapshot') {
      const snapshot = fromSnapshot(data);
      if (missing === 0) compared += 1;
      if (missing === 0 && inWords(snapshot) !== inWords(desk))
        snapshots.push(said(`the snapshot says ${inWords(snapshot)}, played ${inWords(desk)}`));
      if (missing !== 0 && !wasRolledUp)
        snapshots.push(said(`number ${number} does not follow, and the stream lacks nothing before it`));
      desk = snapshot;
    } else {
      if (missing !== 0) broken.push(said(`number ${number} does not follow`));
      broken.push(...play(desk, event).map(said));
    }
    broken.push(...faultsOf(desk, capacity).map(said));
  }
  return [
    { invariant: 'capacity and first come, first served', looked, broken },
    { invariant: 'desk snapshot = what went before', looked: compared, broken: snapshots },
  ];
}

/** What must hold whenever a decision is made. */
function faultsOf({ queue, held, states }: Desk, capacity: number): string[] {
  const load = new Map<string, number>();
  for (const { agent } of held.values()) load.set(agent, (load.get(agent) ?? 0) + 1);
  const faults = [...load]
    .filter(([, dialogues]) => dialogues > capacity)
    .map(([agent, dialogues]) => `agent ${agent} has ${dialogues} dialogues, capacity is ${capacity}`);
  const [first] = queue;
  const idle = [...states].find(([agent, state]) => state === 'online' && (load.get(agent) ?? 0) < capacity);
  if (first !== undefined && idle) faults.push(`${first} waits while agent ${idle[0]} is on line and has room`);
  for (const conversation of new Set(queue)) {
    if (held.has(conversation)) faults.push(`${conversation} waits and is with ${held.get(conversation)?.agent}`);
    if (queue.indexOf(conversation) !== queue.lastIndexOf(conversation)) faults.push(`${conversation} waits twice`);
  }
  return faults;
}

/** Changes the desk as the event says. @returns what no rule allows */
function play(desk: Desk, { type, data, time }: RawEvent): string[] {
  const { queue, held, states } = desk;
  const faults: string[] = [];
  const leave = (conversation: string): void => {
    const at = queue.indexOf(conversation);
    if (at >= 0) queue.splice(at, 1);
  };
  if (type === 'dialogue-queued') {
    if (queue.includes(data.conversation) || held.has(data.conversation))
      faults.push(`${data.conversation} is queued twice`);
    queue.push(data.conversation);
  } else if (type === 'dialogue-taken') {
    faults.push(...faultsOfTaking(held.get(data.conversation)?.agent, data));
    // He may take one without being on line; new ones do not come to him then.
    if (!states.has(data.agent)) states.set(data.agent, 'offline');
    leave(data.conversation);
    held.set(data.conversation, { agent: data.agent, since: time });
  } else if (type === 'slot-freed') {
    if (!queue.includes(data.conversation) && !held.has(data.conversation))
      faults.push(`${data.conversation} is freed and was not there`);
    leave(data.conversation);
    held.delete(data.conversation);
  } else if (type === 'agent-state-changed') {
    const back = (data.requeued as { conversation: string }[]).map(({ conversation }) => conversation);
    faults.push(...faultsOfRequeue(held, back, data));
    states.set(data.agent, data.state);
    for (const conversation of back) held.delete(conversation);
    queue.unshift(...back);
  } else faults.push(`${type} is unknown to the checker`);
  for (const { conversation, agent } of data.assigned ?? []) {
    if (queue[0] !== conversation) faults.push(`${conversation} was served before ${queue[0]}`);
    if (states.get(agent) !== 'online')
      faults.push(`${conversation} was given to agent ${agent}, who is ${states.get(agent) ?? 'unknown'}`);
    leave(conversation);
    held.set(conversation, { agent, since: time });
  }
  return faults;
}

/** By hand out of order, yet never from under a colleague's hands, unless a person gives it or it was over. */
function faultsOfTaking(
  holder: string | undefined,
  { conversation, agent, from, why }: { conversation: string; agent: string; from?: string; why: string },
): string[] {
  if (holder === agent) return [`${conversation} is taken by agent ${agent}, who has it`];
  if (holder !== from) return [`${conversation} is taken from ${from}, and ${holder} has it`];
  return from !== undefined && why === 'taken' ? [`${conversation} is taken from ${from} by agent ${agent}`] : [];
}

/** Whoever goes off line gives back all that he has, the oldest first; nobody else gives back anything. */
function faultsOfRequeue(
  held: ReadonlyMap<string, Held>,
  back: readonly string[],
  { agent, state }: { agent: string; state: string },
): string[] {
  const his = [...held].filter(([, one]) => state === 'offline' && one.agent === agent).map(([id]) => id);
  if (his.toSorted().join() !== back.toSorted().join())
    return [`agent ${agent} goes ${state} and gives back ${back.length} of ${his.length}: ${back.join(', ')}`];
  const since = back.map((conversation) => held.get(conversation)?.since ?? 0);
  return since.every((at, index) => at >= (since[index - 1] ?? 0))
    ? []
    : [`agent ${agent} gives back ${back.join(', ')}, and not the oldest first`];
}

const fromSnapshot = (data: {
  agents: { id: string; state: string }[];
  queue: { conversation: string }[];
  slots: ({ conversation: string } & Held)[];
}): Desk => ({
  queue: data.queue.map(({ conversation }) => conversation),
  held: new Map(data.slots.map(({ conversation, agent, since }) => [conversation, { agent, since }])),
  states: new Map(data.agents.map(({ id, state }) => [id, state])),
});

const inWords = ({ queue, held, states }: Desk): string =>
  JSON.stringify([
    queue,
    [...held].map(([conversation, { agent, since }]) => [conversation, agent, since]).toSorted(),
    [...states].toSorted(),
  ]);
