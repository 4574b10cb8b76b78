// The checker: a process of its own that imports no product code. Reads the ledger of what was said, then the real CRM, and what the company's consumer holds, and
// says what does not agree.
//   node deploy/soak/check.ts EVIDENCE.json      prints one line of JSON per finding; ends with 1 when something is broken
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CrmDialogue, crmNotes, dialoguesIn, type Note } from '../e2e/crm-transcripts.ts';

export interface Evidence {
  ledger: string;
  /** What a target is, and where it is read. */
  targets: ({ name: string } & (
    | { organisations: { site: string; baseUrl: string; token: string }[] }
    | { consumed: string }
  ))[];
  /** How long the CRM and the queue may still take. */
  patienceMs: number;
}
export interface Finding {
  target: string;
  invariant: string;
  looked: number;
  broken: string[];
}
interface Said {
  target: string;
  site: string;
  conversation: string;
  person: string;
  visitor: string;
  from: string;
  text: string;
}
interface Consumed {
  messageId: string;
  type: string;
  routingKey: string;
  body: string;
}
interface Pushed {
  id: string;
  type: string;
  data: { lead: string; version: number; conversation?: string; part?: number; text?: string };
}

const evidence = JSON.parse(await readFile(process.argv[2] as string, 'utf8')) as Evidence;
const ledger = await linesOf<Said>(evidence.ledger);
const findings: Finding[] = [];
for (const target of evidence.targets) {
  const said = ledger.filter((line) => line.target === target.name);
  const look = 'consumed' in target ? () => lookAtConsumed(target.consumed, said) : () => lookAtCrm(target, said);
  findings.push(...(await caughtUp(target.name, look)));
}
for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
process.exitCode = findings.some(({ broken }) => broken.length > 0) ? 1 : 0;

type Looked = Omit<Finding, 'target'>[];

async function lookAtCrm(
  { organisations }: Extract<Evidence['targets'][number], { organisations: unknown }>,
  said: Said[],
): Promise<Looked> {
  const held: CrmDialogue[] = [];
  const wrong: string[] = [];
  const leads: string[] = [];
  let people = 0;
  for (const { site, ...access } of organisations) {
    const { records, notes } = await crmNotes(access);
    const { dialogues, faults } = dialoguesIn(notes);
    held.push(...dialogues);
    wrong.push(...faults);
    const persons = new Set(said.filter((line) => line.site === site).map(({ person }) => person));
    people += persons.size;
    if (records.length !== persons.size) leads.push(`site ${site}: ${records.length} leads of ${persons.size} people`);
  }
  return [
    { invariant: 'each transcript once and equal', ...compare(held, wrong, said) },
    { invariant: 'one lead per person', looked: people, broken: leads },
  ];
}

async function lookAtConsumed(file: string, said: Said[]): Promise<Looked> {
  const bodies = new Map<string, string>();
  const broken: string[] = [];
  const newest = new Map<string, Pushed['data']>();
  const consumed = await linesOf<Consumed>(file);
  for (const { messageId, type, routingKey, body } of consumed) {
    const known = bodies.get(messageId);
    // Seen before: dropped, as the guide says. It must have been the same.
    if (known !== undefined) {
      if (known !== body) broken.push(`${messageId} came twice with different bodies`);
      continue;
    }
    bodies.set(messageId, body);
    const message = JSON.parse(body) as Pushed;
    if (message.id !== messageId || message.type !== type || !routingKey.startsWith(`${type.replaceAll('-', '.')}.`))
      broken.push(`${messageId} does not say in its properties what it is`);
    if (type !== 'lead-changed' && type !== 'transcript-changed') continue;
    const { data } = message;
    const key = data.part === undefined ? `lead ${data.lead}` : `${data.conversation} ${data.part}`;
    if ((newest.get(key)?.version ?? 0) < data.version) newest.set(key, data);
  }
  const notes = [...newest.values()].flatMap(({ lead, text }): Note[] =>
    text === undefined ? [] : [{ record: lead, text }],
  );
  const { dialogues, faults } = dialoguesIn(notes);
  const visitors = new Set(said.map(({ visitor }) => visitor));
  const leads = [...newest].filter(([key]) => key.startsWith('lead ')).map(([, { lead }]) => lead);
  return [
    { invariant: 'each transcript once and equal', ...compare(dialogues, faults, said) },
    {
      invariant: 'one lead per visitor',
      looked: visitors.size,
      broken:
        leads.length === visitors.size && leads.every((lead) => visitors.has(lead)) ? [] : [`${leads.length} leads`],
    },
    { invariant: 'same id, same message', looked: consumed.length, broken },
  ];
}

function compare(
  held: readonly CrmDialogue[],
  wrong: readonly string[],
  said: readonly Said[],
): { looked: number; broken: string[] } {
  const wanted = Map.groupBy(said, ({ conversation }) => conversation);
  const found = new Map(held.map((dialogue) => [dialogue.conversation, dialogue]));
  const broken = [...wrong];
  for (const [conversation, lines] of wanted) {
    const dialogue = found.get(conversation);
    if (!dialogue) {
      if (!wrong.some((words) => words.includes(conversation))) broken.push(`${conversation} is not there`);
      continue;
    }
    if (dialogue.records.length !== 1) broken.push(`${conversation} stands on ${dialogue.records.length} records`);
    const spoken = lines.map(({ from, text }) => ({ from, text: text.trim() }));
    if (JSON.stringify(dialogue.messages) !== JSON.stringify(spoken))
      broken.push(
        `${conversation}: ${dialogue.messages.length} messages are held, ${spoken.length} were said: ${firstDifference(dialogue.messages, spoken)}`,
      );
  }
  for (const conversation of found.keys()) if (!wanted.has(conversation)) broken.push(`${conversation} was never held`);
  return { looked: wanted.size, broken };
}

function firstDifference(held: readonly { text: string }[], said: readonly { text: string }[]): string {
  const at = said.findIndex(({ text }, index) => held[index]?.text !== text);
  return at < 0 ? 'one too many' : `“${held[at]?.text.slice(0, 40)}” instead of “${said[at]?.text.slice(0, 40)}”`;
}

/** Asked until it holds, or long enough: both follow the stream. */
async function caughtUp(target: string, look: () => Promise<Looked>): Promise<Finding[]> {
  for (const deadline = Date.now() + evidence.patienceMs; ; await sleep(2_000)) {
    const looked = await look().catch(
      (error: Error): Looked => [{ invariant: 'it can be read', looked: 0, broken: [error.message] }],
    );
    if (looked.every(({ broken }) => broken.length === 0) || Date.now() > deadline)
      return looked.map((one) => ({ target, ...one }));
  }
}

async function linesOf<T>(file: string): Promise<T[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as T);
}
