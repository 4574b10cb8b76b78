// Applies a settings file: what an administrator sets until he has pages for it. One site, its employees and how they log in, and the CRM it belongs to.
// As a command: npm run settings -- FILE, with the operator's identity for NATS in the environment; beside `npm start` it finds the servers
// by itself. Safe to run again.
import { readFile } from 'node:fs/promises';
import { type Bus, request, UnavailableError } from '@continuo/bus';
import {
  agentSettings,
  type CommandData,
  type CommandName,
  crmConnection,
  faultsOf,
  newId,
  plainWords,
  type SiteSettings,
  siteSettings,
} from '@continuo/contracts';
import { hashPassword } from '@continuo/gateway/password';
import { z } from 'zod';
import { connectOperator } from './running.ts';

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
  crm: crmConnection.optional(),
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
        .map(({ path: at, words }) => `  ${at.join('.') || 'file'}: ${words}`)
        .join('\n')}`,
    );
  return parsed.data;
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

/** @returns why the CRM that was just connected cannot be used (as it should), in words */
async function faultOfCrm(bus: Bus, site: string): Promise<string | undefined> {
  const envelope = { id: newId(), site, actor: { kind: 'operator', id: 'settings' } } as const;
  const tested = await request(bus, 'test-crm', envelope, {}, { timeoutMs: 20_000 });
  return tested.ok ? undefined : tested.words;
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
    if (file.crm) {
      await send(bus, file.site.id, 'save-crm-connection', { connection: file.crm });
      const fault = await faultOfCrm(bus, file.site.id);
      // Saved all the same: a CRM may be away today, and what is said meanwhile waits for it.
      if (fault !== undefined) process.stderr.write(`The settings are saved. The CRM does not work yet: ${fault}\n`);
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
