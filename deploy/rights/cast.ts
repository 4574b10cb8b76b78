// Who tries everything: the visitor whose dialogue it is, another visitor, the employees of his site by role, those of another site, and nobody in particular.
import { SERVICES } from '@continuo/servers';
import {
  type Company,
  eventually,
  type Frame,
  newCompany,
  startWorld,
  type TestAgent,
  type TestVisitor,
  type World,
  type WorldOptions,
} from '@continuo/testing';
import { expect } from '@jest/globals';
import { type RawSocket, rawSocket } from '../../services/gateway/test/raw-socket.ts';

const EMPLOYEES = ['agent', 'supervisor', 'admin', 'foreignAgent', 'foreignSupervisor', 'foreignAdmin'] as const;
type Employee = (typeof EMPLOYEES)[number];
export const PEOPLE = ['anonymous', 'visitor', 'otherVisitor', ...EMPLOYEES] as const;
export type Person = (typeof PEOPLE)[number];

export interface Cast extends AsyncDisposable {
  readonly world: World;
  readonly gateway: string;
  readonly nordhem: Company;
  readonly foreign: Company;
  /** Of a person who is logged in. */
  readonly agents: Record<Employee, TestAgent>;
  readonly visitor: TestVisitor;
  cookie(person: Person): string | undefined;
  /** By which the gateway knows a visitor. */
  token(person: Person): string | undefined;
  /** A socket at a door as this person has it: welcome, or turned away. */
  at(door: 'visitor' | 'agent', person: Person, conversation?: string): Promise<RawSocket>;
  /** Everything that was said to this person at the agents' door. At the other one he is a visitor of the site. */
  heard(person: Person): Frame[];
}

/** Limits are not the subject here: everybody sits at one address. */
const LIMITS = Object.fromEntries(
  [
    'COMMANDS_PER_VISITOR',
    'COMMANDS_PER_ADDRESS',
    'STARTS_PER_VISITOR',
    'STARTS_PER_ADDRESS',
    'STARTS_PER_SITE',
    'LOGINS_PER_ACCOUNT',
  ].map((name) => [`CONTINUO_LIMIT_${name}`, '100000']),
);

export async function assemble(env: Record<string, string> = {}, site: WorldOptions['site'] = {}): Promise<Cast> {
  await using stack = new AsyncDisposableStack();
  const services = Object.fromEntries(SERVICES.filter((name) => name !== 'email-fallback').map((name) => [name, 1]));
  const world = stack.use(await startWorld({ services, agents: 1, site, env: { ...LIMITS, ...env } }));
  const nordhem = await newCompany(world, { name: 'Nordhem', roles: ['agent', 'supervisor', 'admin'] });
  const foreign = await newCompany(world, { name: 'Südmark', roles: ['agent', 'supervisor', 'admin'] });
  const agents = {
    agent: stack.use(await nordhem.agent('agent')),
    supervisor: stack.use(await nordhem.agent('supervisor')),
    admin: stack.use(await nordhem.agent('admin')),
    foreignAgent: stack.use(await foreign.agent('agent')),
    foreignSupervisor: stack.use(await foreign.agent('supervisor')),
    foreignAdmin: stack.use(await foreign.agent('admin')),
  };
  const visitors = { visitor: stack.use(nordhem.visitor()), otherVisitor: stack.use(nordhem.visitor()) };
  for (const visitor of Object.values(visitors)) await visitor.socket.ready();
  const gateway = world.gateways()[0] as string;
  const cookie = (person: Person) => (person in agents ? agents[person as Employee].cookie : undefined);
  const token = (person: Person): string | undefined => {
    const welcome = visitors[person as keyof typeof visitors]?.frames().findLast(({ t }) => t === 'welcome');
    return welcome && (welcome['token'] as string);
  };
  const sockets: { person: Person; socket: RawSocket }[] = [];
  const dial: Cast['at'] = async (door, person, conversation) => {
    const origin = door === 'agent' ? gateway : (nordhem.site.origins[0] as string);
    const given = cookie(person);
    const socket = await rawSocket(gateway, door, { Origin: origin, ...(given && { Cookie: given }) });
    if (door === 'agent') {
      sockets.push({ person, socket });
      socket.say({ t: 'hello', v: 1 });
    } else if (person !== 'anonymous') {
      const shown = conversation && { conversation: { id: conversation, number: 0 } };
      const known = token(person);
      const own = known !== undefined && { token: known };
      socket.say({ t: 'hello', v: 1, site: nordhem.site.id, language: 'en', ...own, ...shown });
    }
    return socket;
  };
  const at: Cast['at'] = async (door, person, conversation) => {
    if (door === 'visitor' && person === 'anonymous') return dial(door, person, conversation);
    for (;;) {
      await using stack = new AsyncDisposableStack();
      const socket = stack.use(await dial(door, person, conversation));
      const [answer] = await eventually(() => {
        expect(socket.frames).not.toEqual([]);
        return socket.frames;
      });
      // Asked to come again, as on a machine that has too much to do, he does.
      if (answer?.t === 'error' && answer['retryAfterMs'] !== undefined) continue;
      expect(answer?.t).toBe(door === 'visitor' || cookie(person) ? 'welcome' : 'error');
      stack.move();
      return socket;
    }
  };
  const kept = stack.move();
  return {
    world,
    gateway,
    nordhem,
    foreign,
    agents,
    visitor: visitors.visitor,
    cookie,
    token,
    at,
    heard: (person) => [
      ...(person in agents ? agents[person as Employee].frames() : []),
      ...sockets.flatMap((one) => (one.person === person ? one.socket.frames : [])),
    ],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
