import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { startBottleCrm, testCrm } from '../src/index.ts';
import { isFree } from '../src/ports.ts';
import { identify } from '../src/process-identity.ts';

// Run by itself, this file is what installs the CRM.
jest.setTimeout(15 * 60_000);

interface Leads {
  open_leads: { open_leads: { email: string }[] };
}

async function call(url: string, token: string, body?: object): Promise<Response> {
  return fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

test('two organisations of one CRM see their own leads only', async () => {
  const crm = await testCrm();
  const [one, two] = await Promise.all([crm.newOrganisation('one'), crm.newOrganisation('two')]);
  expect(one.orgId).not.toBe(two.orgId);

  const lead = { first_name: 'Ольга', last_name: 'Иванова', email: 'olga@home.example' };
  expect((await call(`${crm.apiUrl}leads/`, one.token, lead)).status).toBe(200);
  const emails = async (token: string) => {
    const answer = (await (await call(`${crm.apiUrl}leads/`, token)).json()) as Leads;
    return answer.open_leads.open_leads.map(({ email }) => email);
  };
  expect(await emails(one.token)).toEqual(['olga@home.example']);
  expect(await emails(two.token)).toEqual([]);
});

test('a CRM keeps its data and token after being killed, in a folder that only its owner can enter', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'continuo-crm-'));
  const dir = join(scratch, 'crm');
  const progress: string[] = [];
  await using first = await startBottleCrm({ dir, onProgress: (line) => progress.push(line) });
  expect(progress.at(-1)).toBe(`ready at ${first.baseUrl}`);
  const lead = { first_name: 'Ольга', last_name: 'Иванова', email: 'olga@home.example' };
  expect((await call(`${first.apiUrl}leads/`, first.token, lead)).status).toBe(200);
  process.kill(first.pid, 'SIGKILL');
  while (!(await isFree(first.port))) await new Promise(setImmediate);

  await using second = await startBottleCrm({ dir, port: first.port });
  expect(second).toMatchObject({ token: first.token, orgId: first.orgId, baseUrl: first.baseUrl });
  const found = await (await call(`${second.apiUrl}leads/?email=olga@home.example`, first.token)).json();
  expect((found as Leads).open_leads.open_leads).toHaveLength(1);
  await expect(startBottleCrm({ dir: join(scratch, 'late'), port: first.port })).rejects.toThrow(
    `BottleCRM: port ${first.port} is taken`,
  );
  await second.stop();
  expect(identify(second.pid)).toBeUndefined();

  const database = await realpath(join(dir, 'pg')).catch(() => scratch);
  if (!database.startsWith(await realpath(scratch))) await rm(dirname(database), { recursive: true });
  await rm(scratch, { recursive: true });
});
