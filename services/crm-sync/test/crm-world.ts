// A world with two crm-sync replicas, a real CRM behind a proxy that makes faults, and what the tests ask of both.
import { ask, putSite } from '@continuo/bus';
import { type JournalRow, newId } from '@continuo/contracts';
import { eventually, startWorld, type World } from '@continuo/testing';
import { type CrmReader, crmOf } from './crm-holds.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';

export interface CrmWorld extends AsyncDisposable {
  world: World;
  proxy: FaultProxy;
  crm: CrmReader;
  envelope(site?: string): { id: string; site: string; actor: { kind: 'operator'; id: string } };
  /** The dialogue as the CRM holds it, all parts. */
  holds(conversation: string): Promise<string>;
  /** Waits until the journal says so of the whole dialogue. */
  pushed(conversation: string): Promise<JournalRow>;
  row(conversation: string, site?: string): Promise<JournalRow | undefined>;
  /** Another site of this installation, without a CRM yet. */
  addSite(): Promise<string>;
  setWindow(seconds: number): Promise<void>;
}

/** A request that makes a note, for faults. */
export const makesNote = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && /^\/api\/(leads|contacts)\/[0-9a-f-]{36}\/$/.test(path);
export const makesTask = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && path === '/api/tasks/';
export const makesDeal = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && path === '/api/opportunities/';

export async function startCrmWorld(
  services: NonNullable<Parameters<typeof startWorld>[0]>['services'] = {},
  env: Record<string, string> = {},
): Promise<CrmWorld> {
  await using stack = new AsyncDisposableStack();
  let proxy: FaultProxy | undefined;
  const world = stack.use(
    await startWorld({
      services: { 'crm-sync': 2, ...services },
      env,
      crm: true,
      crmAddress: async (real) => {
        proxy = stack.use(await startFaultProxy(real));
        return proxy.url;
      },
    }),
  );
  const crm = crmOf(world);
  const envelope = (site = world.site.id) => ({ id: newId(), site, actor: { kind: 'operator', id: 'test' } as const });
  const row = async (conversation: string, site?: string) => {
    const reply = await ask(world.admin, 'crm-link', envelope(site), { conversation });
    return reply.ok ? reply.row : undefined;
  };
  const setWindow = (windowSeconds: number) => putSite(world.admin, { ...world.site, crm: { windowSeconds } });
  await setWindow(1);
  const kept = stack.move();
  return {
    world,
    proxy: proxy as FaultProxy,
    crm,
    envelope,
    row,
    setWindow,
    holds: async (conversation) => (await crm.parts(conversation)).map(({ text }) => text).join(''),
    pushed: (conversation) =>
      eventually(
        async () => {
          const found = await row(conversation);
          if (found?.state !== 'pushed') throw new Error(`not pushed: ${JSON.stringify(found)}`);
          return found;
        },
        { withinMs: 90_000 },
      ),
    addSite: async () => {
      const id = newId();
      await putSite(world.admin, { ...world.site, id, crm: { windowSeconds: 1 } });
      return id;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
