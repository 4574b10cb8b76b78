// Applies a settings file: what an administrator sets until he has pages for it. One site, its employees and how they log in, and the CRMs it belongs to.
// As a command: npm run settings -- FILE, with the operator's identity for NATS in the environment; beside `npm start` it finds the servers
// by itself. Safe to run again.
import { readFile } from 'node:fs/promises';
import { type Bus, request, UnavailableError } from '@continuo/bus';
import {
  agentSettings,
  type CommandData,
  type CommandName,
  crmConnection,
  crmConnectionId,
  faultsOf,
  newId,
  plainWords,
  type SiteSettings,
  siteSettings,
} from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import { z } from 'zod';
import { connectOperator } from './running.ts';

/** One by itself needs no id. What stands and is not named here stays as it is. */
const crmConnections = z.array(crmConnection).superRefine((all, context) => {
  const ids = all.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    if (all.length > 1 && id === undefined)
      context.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: 'is lacking; of several connections each needs an id of its own, as "hubspot"',
      });
    else if (ids.indexOf(id) < index)
      context.addIssue({
        code: 'custom',
        path: [index, 'id'],
        message: `“${id}” is the id of another connection here already`,
      });
  }
});

/** A settings file. `origins` and `consoleUrl` of the site may be left to the launcher, which knows its own addresses. */
export const settingsFile = z.strictObject({
  site: siteSettings.partial({ origins: true, consoleUrl: true }),
  agents: z
    .array(
      agentSettings.omit({ site: true }).extend({
        password: z.string().min(8).optional().describe('the first password; one that stands is never changed by it'),
      }),
    )
    .min(1),
  crm: z
    .preprocess((one) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? [one] : one), crmConnections)
    .optional(),
  removeCrm: z.array(crmConnectionId).optional(),
});
export type SettingsFile = z.infer<typeof settingsFile>;

/** @throws one message that names every fault of the file */
export async function readSettings(path: string): Promise<SettingsFile> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `the settings file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  const parsed = settingsFile.safeParse(json, { error: plainWords });
  if (!parsed.success)
    throw new Error(
      `the settings file ${path} has faults:\n${faultsOf(parsed.error)
        .map(({ path: at, words }) => `  ${placeOf(at, json)}: ${words}`)
        .join('\n')}`,
    );
  return parsed.data;
}

/** A connection that stands by itself is no list. */
function placeOf(at: readonly PropertyKey[], json: unknown): string {
  const alone = at[0] === 'crm' && !Array.isArray((json as { crm?: unknown }).crm);
  return (alone ? at.filter((_, index) => index !== 1) : at).join('.') || 'file';
}

export async function applySettings(bus: Bus, { site, agents }: SettingsFile & { site: SiteSettings }): Promise<void> {
  await send(bus, site.id, 'save-site', { settings: site });
  for (const { password, ...agent } of agents) {
    await send(bus, site.id, 'save-agent', { settings: { ...agent, site: site.id } });
    if (password !== undefined)
      await send(bus, site.id, 'save-login', {
        agent: agent.id,
        email: agent.email,
        passwordHash: await hashPassword(password),
        onlyIfNone: true,
      });
  }
}

/** Sends until it is accepted: a service may be starting, and what was just saved takes a moment to reach the next. @throws the refusal in words */
export async function send<K extends CommandName>(
  bus: Bus,
  site: string,
  name: K,
  data: CommandData<K>,
): Promise<void> {
  const id = newId();
  for (let tries = 1; ; tries++) {
    try {
      const reply = await request(bus, name, { id, site, actor: { kind: 'operator', id: 'settings' } }, data, {
        timeoutMs: 20_000,
      });
      if (reply.ok) return;
      if (tries >= 20 || !['busy', 'site-unknown'].includes(reply.refusal))
        throw new Error(`${name} was refused: ${reply.words}`);
    } catch (error) {
      if (!(error instanceof UnavailableError) || tries >= 20) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100 * tries));
  }
}

const asOperator = (site: string) => ({ id: newId(), site, actor: { kind: 'operator', id: 'settings' } }) as const;

/** @returns why the CRM that was just connected cannot be used (as it should), in words */
async function faultOfCrm(bus: Bus, site: string, connection: string | undefined): Promise<string | undefined> {
  const one = connection === undefined ? {} : { connection };
  const tested = await request(bus, 'test-crm', asOperator(site), one, { timeoutMs: 20_000 });
  return tested.ok ? undefined : tested.words;
}

/** @returns what hinders those that were saved, a sentence each: a CRM may be away today, and what is said meanwhile waits for it */
export async function applyCrms(bus: Bus, site: string, { crm = [], removeCrm = [] }: SettingsFile): Promise<string[]> {
  for (const connection of removeCrm) {
    const reply = await request(bus, 'remove-crm-connection', asOperator(site), { connection });
    if (!reply.ok && reply.refusal !== 'connection-missing')
      throw new Error(`remove-crm-connection was refused: ${reply.words}`);
  }
  const faults: string[] = [];
  for (const connection of crm) {
    await send(bus, site, 'save-crm-connection', { connection });
    const fault = await faultOfCrm(bus, site, connection.id);
    const which = crm.length > 1 ? `The CRM “${connection.name ?? connection.id}”` : 'The CRM';
    if (fault !== undefined) faults.push(`${which} does not work yet: ${fault}`);
  }
  return faults;
}

if (import.meta.main) {
  try {
    const file = await readSettings(process.argv[2] ?? '');
    const { origins, consoleUrl } = file.site;
    if (!origins || !consoleUrl)
      throw new Error(
        'site.origins and site.consoleUrl are needed: where the widget may be embedded, and where the console is reached',
      );
    await using bus = await connectOperator();
    await applySettings(bus, { ...file, site: { ...file.site, origins, consoleUrl } });
    for (const fault of await applyCrms(bus, file.site.id, file))
      process.stderr.write(`The settings are saved. ${fault}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
