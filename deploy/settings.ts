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

/** What stands and is not named here stays as it is. */
const crmConnections = z.array(crmConnection).superRefine((all, context) => {
  const ids = all.map(({ id }) => id);
  for (const [index, id] of ids.entries()) {
    if (id !== undefined && ids.indexOf(id) < index)
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
  const faults = [...withoutId(json), ...(parsed.success ? [] : faultsOf(parsed.error))];
  if (!parsed.success || faults.length > 0)
    throw new Error(
      `the settings file ${path} has faults:\n${faults
        .map(({ path: at, words }) => `  ${placeOf(at, json)}: ${words}`)
        .join('\n')}`,
    );
  return parsed.data;
}

/** One that stands by itself is the site’s first. One of a list is meant to stand beside it, and would take its place without a word. */
function withoutId(json: unknown): { path: PropertyKey[]; words: string }[] {
  const { crm } = (json ?? {}) as { crm?: unknown };
  if (!Array.isArray(crm)) return [];
  const words = 'is lacking; in a list each connection needs an id of its own, as "hubspot"';
  return crm.flatMap((one, index) =>
    typeof one === 'object' && one !== null && !('id' in one) ? [{ path: ['crm', index, 'id'], words }] : [],
  );
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

/**
 * @returns a sentence each: what was done, and what hinders. A CRM may be away today, and what is said meanwhile waits for it; one that is to be removed may be gone
 * since the file was applied before.
 */
export async function applyCrms(
  bus: Bus,
  site: string,
  { crm = [], removeCrm = [] }: SettingsFile,
): Promise<{ done: string[]; faults: string[] }> {
  const done: string[] = [];
  const faults: string[] = [];
  for (const connection of removeCrm) {
    const reply = await request(bus, 'remove-crm-connection', asOperator(site), { connection });
    if (reply.ok) done.push(`The CRM “${connection}” is removed.`);
    else if (reply.refusal === 'connection-missing')
      faults.push(`There is no CRM “${connection}” to remove (any more).`);
    else throw new Error(`remove-crm-connection was refused: ${reply.words}`);
  }
  for (const connection of crm) {
    await send(bus, site, 'save-crm-connection', { connection });
    const fault = await faultOfCrm(bus, site, connection.id);
    const name = connection.name ?? connection.id;
    const which = name === undefined ? 'The CRM' : `The CRM “${name}”`;
    if (fault === undefined) done.push(`${which} is saved, and works.`);
    else faults.push(`${which} does not work yet: ${fault}`);
  }
  return { done, faults };
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
    const { length } = file.agents;
    process.stdout.write(`The site “${file.site.name}” and ${length} employee${length === 1 ? '' : 's'} are saved.\n`);
    const { done, faults } = await applyCrms(bus, file.site.id, file);
    for (const words of done) process.stdout.write(`${words}\n`);
    for (const fault of faults) process.stderr.write(`The settings are saved. ${fault}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
