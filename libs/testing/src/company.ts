// One more site in a world, with employees of its own: whatever happens on one site must never reach the other.
import { request } from '@continuo/bus';
import { newId, type Role, type SiteSettings } from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import { type TestAgent, testAgent } from './agent.ts';
import { eventually } from './eventually.ts';
import { type TestVisitor, testVisitor } from './visitor.ts';
import type { World, WorldAgent } from './world.ts';

export interface Company {
  readonly site: SiteSettings;
  readonly employees: (WorldAgent & { role: Role })[];
  /** Logs in the first employee of a role; the caller lets him go. */
  agent(role: Role): Promise<TestAgent>;
  /** The caller lets him go. */
  visitor(): TestVisitor;
}

export async function newCompany(world: World, { name, roles }: { name: string; roles: Role[] }): Promise<Company> {
  const id = newId();
  const site: SiteSettings = { ...world.site, id, name, origins: [`http://${id}.example`] };
  const envelope = () => ({ id: newId(), site: id, actor: { kind: 'operator' as const, id: 'test' } });
  expectOk(await request(world.operator, 'save-site', envelope(), { settings: site }));
  const employees = roles.map((role, index) => ({
    id: newId(),
    role,
    name: `${role} of ${name}`,
    email: `${role}-${index}@${id}.example`,
    password: `correct horse ${newId()}`,
  }));
  for (const { id: agent, email, password, ...employee } of employees) {
    const { role } = employee;
    const settings = { id: agent, site: id, name: employee.name, email, role, capacity: 50 };
    // The site just saved travels to the service’s settings by the bus.
    await eventually(async () => expectOk(await request(world.operator, 'save-agent', envelope(), { settings })));
    const passwordHash = await hashPassword(password);
    expectOk(await request(world.operator, 'save-login', envelope(), { agent, email, passwordHash }));
  }
  return {
    site,
    employees,
    agent: (role) => {
      const { email, password } = employees.find((one) => one.role === role) as WorldAgent;
      // Each gateway hears of a new employee by the bus.
      return eventually(() => testAgent({ gateways: world.gateways, email, password }));
    },
    visitor: () => testVisitor({ gateways: world.gateways, site: id, origin: site.origins[0] as string }),
  };
}

function expectOk(reply: { ok: boolean; words?: string }): void {
  if (!reply.ok) throw new Error(reply.words);
}
