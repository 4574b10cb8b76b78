import { expect, test } from '@jest/globals';
import { testCrm } from '../src/index.ts';

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
