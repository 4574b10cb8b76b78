// A second site in the same installation, with an employee of its own: whatever happens on the first must never reach it.
import { request } from '@continuo/bus';
import { newId, type SiteSettings } from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import { eventually, type TestAgent, testAgent, type World } from '@continuo/testing';

/** @returns the site and its employee, logged in; the caller lets him go */
export async function anotherCompany(world: World): Promise<{ site: SiteSettings; agent: TestAgent }> {
  const site: SiteSettings = { ...world.site, id: newId(), name: 'Südmark', origins: ['http://other.example'] };
  const agent = newId();
  const email = `agent@${site.id}.example`;
  const password = `correct horse ${newId()}`;
  const envelope = () => ({ id: newId(), site: site.id, actor: { kind: 'operator' as const, id: 'test' } });
  await request(world.operator, 'save-site', envelope(), { settings: site });
  await eventually(async () => {
    const settings = { id: agent, site: site.id, name: 'Ute Beck', email, role: 'admin' as const, capacity: 5 };
    expectOk(await request(world.operator, 'save-agent', envelope(), { settings }));
  });
  const passwordHash = await hashPassword(password);
  expectOk(await request(world.operator, 'save-login', envelope(), { agent, email, passwordHash }));
  // Each gateway hears of the new employee by the bus.
  return { site, agent: await eventually(() => testAgent({ gateways: world.gateways, email, password })) };
}

function expectOk(reply: { ok: boolean; words?: string }): void {
  if (!reply.ok) throw new Error(reply.words);
}
