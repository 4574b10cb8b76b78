// Says one frame as one person, about a dialogue made for it, and tells in a word what came of it.
import { request } from '@continuo/bus';
import { newId } from '@continuo/contracts';
import { eventually, type Frame } from '@continuo/testing';
import type { RawSocket } from '../../services/gateway/test/raw-socket.ts';
import type { Cast, Person } from './cast.ts';
import { type About, frameOf } from './frames.ts';

export type Door = 'visitor' | 'agent';

/** `ok`, a refusal's or an error's code, `shut`: the socket was closed instead; `heard` or `unheard` by those on the other side. */
export async function outcomeOf(cast: Cast, door: Door, name: string, person: Person): Promise<string> {
  const about = await aboutNewDialogue(cast);
  await using socket = await cast.at(door, person, about.conversation);
  if (door === 'agent' && !cast.cookie(person))
    return await shut(socket, frameOf(name === 'hello' ? 'ping' : name, newId(), about));
  if (name === 'hello') {
    if (person === 'anonymous') socket.say({ t: 'hello', v: 1, site: cast.nordhem.site.id, language: 'en' });
    await socket.heard('welcome');
    return 'ok';
  }
  const id = newId();
  const frame = frameOf(name, id, about);
  if (name === 'typing' || name === 'delivered') return await heardOf(cast, socket, door, frame, person, about);
  socket.say(frame);
  if (['page', 'fact', 'pong', 'leave', 'ping'].includes(name)) socket.say({ t: 'ping', n: 2 });
  return await answerTo(socket, name, id, about);
}

/** Repeats, under a name of its choice, the id of a command that the visitor has given and that was carried out. */
export async function outcomeOfRepeat(cast: Cast, door: Door, name: string, person: Person): Promise<string> {
  const about = await aboutNewDialogue(cast);
  const id = newId();
  await using own = await cast.at('visitor', 'visitor', about.conversation);
  own.say(frameOf('send-message', id, about));
  if ((await answerTo(own, 'send-message', id, about)) !== 'ok') throw new Error('his own command was refused');
  await using socket = await cast.at(door, person, about.conversation);
  if (door === 'agent' && !cast.cookie(person)) return await shut(socket, frameOf(name, id, about));
  socket.say(frameOf(name, id, about));
  return await answerTo(socket, name, id, about);
}

/** A dialogue that waits for an employee: the visitor's, or that of somebody at the other site. */
export async function aboutNewDialogue(
  { world, nordhem, foreign, visitor, agents }: Cast,
  where: 'nordhem' | 'foreign' = 'nordhem',
): Promise<About> {
  const ours = where === 'nordhem';
  const who = ours ? visitor.id() : newId();
  const site = (ours ? nordhem : foreign).site.id;
  const started = await request(
    world.admin,
    'start-conversation',
    { id: newId(), site, actor: { kind: 'visitor', id: who } },
    { text: 'Good morning', language: 'en' },
  );
  if (!started.ok) throw new Error(started.words);
  return { conversation: started.conversation, visitor: who, agent: (ours ? agents.admin : agents.foreignAdmin).id };
}

async function shut(socket: RawSocket, frame: Frame): Promise<string> {
  socket.say(frame);
  await eventually(() => {
    if (socket.closed() === undefined) throw new Error('the socket is still open');
  });
  return socket.frames.every(({ t }) => t === 'error') ? 'shut' : 'answered';
}

/** In a word, as above. */
export function answerTo(socket: RawSocket, name: string, id: string, { conversation }: About): Promise<string> {
  const word = ({ t, id: answered, ok, refusal, code, ...frame }: Frame): string | undefined => {
    if (t === 'error') return String(code);
    if (t === 'refused' && (answered === id || answered === conversation)) return String(refusal);
    if (t === 'answer' && answered === id) return ok ? 'ok' : String(refusal);
    if (t === 'done' && answered === id) return 'ok';
    if (t === 'event' && (frame['event'] as { cause: string }).cause === id) return 'ok';
    if (t === 'transcript' && (frame['events'] as { cause: string }[]).some(({ cause }) => cause === id)) return 'ok';
    if (t === 'transcript' && name === 'open' && frame['conversation'] === conversation) return 'ok';
    if (t === 'pong' && frame['n'] === 2) return 'ok';
    return undefined;
  };
  return eventually(() => {
    const found = socket.frames.map(word).find((one) => one !== undefined);
    if (found === undefined) throw new Error(`no answer among ${socket.frames.map(({ t }) => t).join(', ')}`);
    return found;
  });
}

/** What an employee types afterwards goes the same way: once that is there, whatever was to come has come. */
async function heardOf(
  cast: Cast,
  socket: RawSocket,
  door: Door,
  frame: Frame,
  person: Person,
  { conversation }: About,
): Promise<string> {
  await using tab = await cast.at('visitor', 'visitor', conversation);
  await tab.heard('transcript', (one) => one['conversation'] === conversation);
  if (door === 'visitor' && person === 'visitor') await socket.heard('transcript');
  socket.say(frame);
  socket.say({ t: 'ping', n: 2 });
  await eventually(() => {
    if (!socket.frames.some(({ t, code }) => t === 'pong' || code === 'bad-frame')) throw new Error('no pong');
  });
  if (socket.frames.some(({ code }) => code === 'bad-frame')) return 'bad-frame';
  const last = cast.agents[person === 'admin' ? 'supervisor' : 'admin'];
  last.socket.send({ t: 'typing', conversation });
  const listening = () => (door === 'agent' ? tab.frames : cast.agents.agent.frames());
  const about = (one: Frame): boolean => one['conversation'] === conversation;
  const isLast = (one: Frame): boolean =>
    one.t === 'typing' && about(one) && (one['by'] as { id: string }).id === last.id;
  await eventually(() => {
    if (!listening().some(isLast)) throw new Error('the last one has not been heard');
  });
  return listening().some((one) => one.t === frame.t && about(one) && !isLast(one)) ? 'heard' : 'unheard';
}
