// Who may say what at the two doors: every frame, command and query of the protocol by each kind of person, against running services.
// A frame that the protocol has and this table has not fails.

import { randomBytes } from 'node:crypto';
import { ask, request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { VISITOR_COMMANDS } from '@continuo/contracts/frames';
import { type Company, eventually } from '@continuo/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startReceiver, type WebhookReceiver } from '../../services/crm-sync/test/webhook-receiver.ts';
import { assemble, type Cast, PEOPLE } from './cast.ts';
import { type About, FRAMES, frameOf } from './frames.ts';
import { aboutNewDialogue, answerTo, outcomeOf, outcomeOfRepeat } from './outcome.ts';
import { type Row, row } from './row.ts';

let cast: Cast;
/** The CRM of both sites: the same address and the same key, so that nothing but the site tells their writes apart. */
let receiver: WebhookReceiver;
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
beforeAll(async () => {
  receiver = await startReceiver(SECRET);
  // What is said is written when a test asks for it, and not for each of the dialogues below.
  cast = await assemble({}, { crm: { windowSeconds: 3_600 } });
  for (const { site } of [cast.nordhem, cast.foreign]) {
    const connection = { connector: 'webhook', baseUrl: receiver.url, credentials: { secret: SECRET } };
    const saved = await request(cast.world.operator, 'save-crm-connection', operatorOf(site.id), { connection });
    expect(saved).toEqual({ ok: true });
  }
}, 240_000);
afterAll(async () => {
  await cast?.[Symbol.asyncDispose]();
  await receiver?.[Symbol.asyncDispose]();
});
const operatorOf = (site: string) => ({ id: newId(), site, actor: { kind: 'operator', id: 'test' } as const });

const unknown = 'conversation-unknown';
/** At the visitors' door an employee is a stranger like any other: his cookie gives him nothing. */
const own = row({ everybody: unknown, anonymous: 'bad-frame', visitor: 'ok' });
const anyVisitor = row({ everybody: 'ok', anonymous: 'bad-frame' });
const ownHeard = row({ everybody: 'unheard', anonymous: 'bad-frame', visitor: 'heard' });
/** Who is not logged in is shut out before he can say anything. */
const employees = row({ strangers: 'shut', employees: 'ok' });
const ofTheSite = row({ strangers: 'shut', employees: 'ok', foreign: unknown });
const heardOfTheSite = row({ strangers: 'shut', employees: 'heard', foreign: 'unheard' });
/** Of one's own site, whichever that is: nothing in them names another one. That the other one feels nothing of it is tried below. */
const runningTheCrm = row({ ...employees, agents: 'not-allowed' });
/** Whoever does so says where every word of the site's visitors goes. @param refusal what hinders an administrator */
const connecting = (refusal: string): Row<string> =>
  row({ strangers: 'shut', employees: 'not-allowed', admin: refusal, foreignAdmin: refusal });

const MATRIX: Record<'visitor' | 'agent', Record<string, Row<string>>> = {
  visitor: {
    hello: row({ everybody: 'ok' }),
    page: anyVisitor,
    fact: anyVisitor,
    identify: row({ everybody: 'identity-unproved', anonymous: 'bad-frame' }),
    typing: ownHeard,
    delivered: ownHeard,
    ping: row({ everybody: 'ok' }),
    pong: row({ everybody: 'ok' }),
    'start-conversation': anyVisitor,
    'send-message': own,
    'leave-offline-message': own,
    // His site does not call back.
    'request-callback': row({ ...own, visitor: 'not-offered' }),
    'mark-read': own,
    'identify-contact': own,
    // Nobody has answered there yet.
    rate: row({ ...own, visitor: 'not-answered' }),
    // His message asks nothing.
    'answer-survey': row({ ...own, visitor: 'survey-unknown' }),
    'request-transcript': row({ ...own, visitor: 'not-answered' }),
    close: own,
  },
  agent: {
    hello: employees,
    open: ofTheSite,
    leave: employees,
    typing: heardOfTheSite,
    delivered: heardOfTheSite,
    ping: employees,
    pong: employees,
    'send-message': ofTheSite,
    'mark-read': row({ ...ofTheSite, agent: 'not-a-participant', supervisors: 'not-a-participant' }),
    take: ofTheSite,
    // Nothing of the kind was asked for there.
    'finish-task': row({ ...ofTheSite, agent: 'task-unknown', supervisors: 'task-unknown' }),
    assign: row({ ...ofTheSite, agents: 'not-allowed', foreignSupervisors: 'agent-unknown' }),
    close: row({ ...ofTheSite, agent: 'not-a-participant' }),
    'identify-contact': ofTheSite,
    'set-availability': row({ ...ofTheSite, agents: 'not-allowed', foreignSupervisors: 'agent-unknown' }),
    'retry-crm-writes': row({ ...runningTheCrm, foreignSupervisors: unknown }),
    // Nobody is to be chosen there: the CRM is only told.
    'choose-crm-contact': row({ ...runningTheCrm, supervisors: 'nothing-to-choose', foreignSupervisors: unknown }),
    'test-crm': runningTheCrm,
    'pause-crm': runningTheCrm,
    'resume-crm': runningTheCrm,
    'resync-crm': runningTheCrm,
    // Nothing is lacking: the CRM is only told.
    'make-crm-field': row({ ...runningTheCrm, supervisors: 'nothing-lacking', foreignSupervisors: 'nothing-lacking' }),
    'save-crm-connection': connecting('invalid'),
    'rename-crm-connection': connecting('connection-missing'),
    'remove-crm-connection': connecting('connection-missing'),
    inbox: employees,
    'visitor-card': employees,
    'crm-journal': employees,
    'crm-connections': employees,
    'crm-connectors': employees,
    'crm-connection': employees,
    'crm-link': employees,
    'crm-deliveries': employees,
    'crm-holds': employees,
  },
};

test('every frame, command and query of the protocol has its row', () => {
  expect(Object.keys(MATRIX.visitor).sort()).toEqual([...FRAMES.visitor].sort());
  expect(Object.keys(MATRIX.agent).sort()).toEqual([...FRAMES.agent].sort());
});

for (const door of ['visitor', 'agent'] as const)
  for (const [name, expected] of Object.entries(MATRIX[door]))
    test(`${name} at the ${door}s’ door`, async () => {
      const found: Partial<Row<string>> = {};
      for (const person of PEOPLE) found[person] = await outcomeOf(cast, door, name, person);
      expect(found).toEqual(expected);
    });

test.each([
  ['visitor', 'agent', 'otherVisitor'],
  ['agent', 'visitor', 'admin'],
] as const)('at the %ss’ door nothing is taken that belongs to the %ss’ door alone', async (door, other, person) => {
  const names = FRAMES[other].filter((name) => !FRAMES[door].includes(name));
  expect(names).toContain(other === 'agent' ? 'take' : 'page');
  const found: [string, string][] = [];
  for (const name of names) found.push([name, await outcomeOf(cast, door, name, person)]);
  expect(found).toEqual(names.map((name) => [name, 'bad-frame']));
});

/** Who may see the dialogue is told what became of the command; for anybody else its id is one like any other. */
const REPEATED: Record<'visitor' | 'agent', { names: readonly string[]; expected: Row<string> }> = {
  visitor: { names: VISITOR_COMMANDS.filter((name) => name !== 'start-conversation'), expected: own },
  agent: { names: ['send-message', 'mark-read', 'close', 'identify-contact', 'finish-task'], expected: ofTheSite },
};

for (const door of ['visitor', 'agent'] as const)
  for (const name of REPEATED[door].names)
    test(`the id of a command that the visitor gave before, known to others: ${name} at the ${door}s’ door`, async () => {
      const found: Partial<Row<string>> = {};
      for (const person of PEOPLE) found[person] = await outcomeOfRepeat(cast, door, name, person);
      expect(found).toEqual(REPEATED[door].expected);
    });

describe.each(['foreignSupervisor', 'foreignAdmin'] as const)('%s', (person) => {
  const say = async (name: string, about: About): Promise<string> => {
    const id = newId();
    await using socket = await cast.at('agent', person);
    socket.say(frameOf(name, id, about));
    return await answerTo(socket, name, id, about);
  };
  const standing = async ({ site }: Company) => {
    const reply = await ask(cast.world.admin, 'crm-connection', operatorOf(site.id), {});
    if (!reply.ok || !reply.connection) throw new Error('no CRM is connected');
    return reply.connection;
  };
  /** All that has been said on it. */
  const deskOf = async ({ site }: Company): Promise<string> => {
    const query = { seq: 1, batch: 10_000, next_by_subj: `desk.${site.id}` };
    const found: string[] = [];
    for await (const { data } of await cast.world.admin.jsm.direct.getBatch('DESK', query as never))
      found.push(new TextDecoder().decode(data));
    return found.join();
  };
  const testsOf = ({ site }: Company) =>
    receiver.received.filter(({ message }) => message.type === 'connection-tested' && message.site === site.id).length;

  test('gives dialogues of his site to its employees, with no id of another site among them', async () => {
    const [theirs, his] = [await aboutNewDialogue(cast), await aboutNewDialogue(cast, 'foreign')];
    const agent = cast.agents.foreignAgent.id;
    expect({
      theirsToHis: await say('assign', { ...theirs, agent }),
      hisToTheirs: await say('assign', { ...his, agent: theirs.agent }),
      hisToHis: await say('assign', { ...his, agent }),
    }).toEqual({ theirsToHis: unknown, hisToTheirs: 'agent-unknown', hisToHis: 'ok' });
    await eventually(async () => expect(await deskOf(cast.nordhem)).toContain(theirs.conversation));
    expect(await deskOf(cast.nordhem)).not.toContain(agent);
  });

  test('sends employees of his site away, and nobody of another one', async () => {
    const theirs = await aboutNewDialogue(cast);
    expect(await say('set-availability', theirs)).toBe('agent-unknown');
    expect(await say('set-availability', { ...theirs, agent: cast.agents.foreignAgent.id })).toBe('ok');
  });

  test('pauses, resumes, tests and looks through the CRM of his site; another site’s feels nothing of it', async () => {
    const { nordhem, foreign } = cast;
    const theirs = await aboutNewDialogue(cast);
    const paused = async () => [
      (await standing(nordhem)).paused !== undefined,
      (await standing(foreign)).paused !== undefined,
    ];
    const byTheirs = async (name: 'pause-crm' | 'resume-crm') =>
      expect(await request(cast.world.admin, name, operatorOf(nordhem.site.id), {})).toMatchObject({ ok: true });
    await byTheirs('resume-crm');
    expect(await say('resume-crm', theirs)).toBe('ok');
    expect(await paused()).toEqual([false, false]);
    expect(await say('pause-crm', theirs)).toBe('ok');
    expect(await paused()).toEqual([false, true]);
    await byTheirs('pause-crm');
    expect(await say('resume-crm', theirs)).toBe('ok');
    expect(await paused()).toEqual([true, false]);
    const before = [testsOf(nordhem), testsOf(foreign)] as [number, number];
    expect(await say('test-crm', theirs)).toBe('ok');
    expect([testsOf(nordhem), testsOf(foreign)]).toEqual([before[0], before[1] + 1]);
    await byTheirs('resume-crm');
    // Nor when nothing rests: a pause could hide a call.
    expect(await say('test-crm', theirs)).toBe('ok');
    expect([testsOf(nordhem), testsOf(foreign)]).toEqual([before[0], before[1] + 2]);
  });

  test('has nothing of another site looked through or written again', async () => {
    const { world, nordhem } = cast;
    const theirs = await aboutNewDialogue(cast);
    const links = world.database.collection('crm_links');
    const one = { site: nordhem.site.id, conversation: theirs.conversation };
    const link = async () => {
      const found = await links.findOne(one);
      if (!found?.['reportedUpTo'] || found['holder'] !== undefined) throw new Error('not written yet');
      return found;
    };
    const operator = operatorOf(nordhem.site.id);
    await request(world.admin, 'retry-crm-writes', operator, { conversation: theirs.conversation });
    await eventually(link);
    const sent = () => receiver.received.filter(({ message }) => message.site === nordhem.site.id).length;
    await eventually(async () =>
      expect(await links.countDocuments({ site: nordhem.site.id, recheck: { $exists: true } })).toBe(0),
    );
    const before = { link: await link(), sent: sent() };
    expect(await say('resync-crm', theirs)).toBe('ok');
    expect(await say('retry-crm-writes', theirs)).toBe(unknown);
    expect(await say('choose-crm-contact', theirs)).toBe(unknown);
    await eventually(async () => expect((await standing(cast.foreign)).checking).toBe(0));
    expect({ link: await link(), sent: sent() }).toEqual(before);
  });
});

test('employees of another site see nothing of all this', () => {
  for (const person of ['foreignAgent', 'foreignSupervisor', 'foreignAdmin'] as const) {
    // A card names the visitor who was asked for: it is empty.
    const emptyCard = JSON.stringify({ visitor: cast.visitor.id(), visits: 0, pages: [] });
    const seen = JSON.stringify(cast.heard(person)).replaceAll(emptyCard, '');
    expect(seen).toContain(cast.foreign.site.id);
    expect(seen).not.toContain(cast.nordhem.site.id);
    expect(seen).not.toContain(cast.visitor.id());
  }
});
