// A BottleCRM of its own for the connector contract, whichever connector speaks to it: an organisation, and what its people do there.
import { newId } from '@continuo/contracts';
import { openOutbound } from '@continuo/runtime';
import { testCrm } from '@continuo/servers';
import type { RecordRef } from '../domain/link.ts';
import type { ConnectionDetails } from './connector.ts';
import { type Fixture, largeOr } from './contract.ts';

export const bottlecrmFixture: Fixture = {
  connect: async () => {
    const crm = await testCrm();
    const { token } = await crm.newOrganisation(`Connector contract ${newId()}`);
    return { baseUrl: crm.baseUrl, credentials: { token }, outbound: openOutbound('127.0.0.1:*') };
  },
  company: (connection) => ({
    addContact: async ({ name, externalId, ...more }) => {
      const [first_name, last_name] = name.split(' ');
      const { id } = await call(connection, 'POST', '/api/contacts/', {
        first_name,
        last_name,
        ...more,
        ...(externalId && { custom_fields: { customer_id: externalId } }),
      });
      return { kind: 'contact', id: id as string };
    },
    remove: async (record) => void (await call(connection, 'DELETE', pathOf(record))),
    readLead: async (record) => (await call(connection, 'GET', pathOf(record))).lead_obj as Record<string, unknown>,
    convert: async (record) => {
      const answer = await call(connection, 'PATCH', pathOf(record), { status: 'converted' });
      return { kind: 'contact', id: answer.contact_id as string };
    },
  }),
  badCredentials: { token: 'bcrm_pat_of_nobody' },
  findsExternalIds: async () => (await testCrm()).db === 'postgres',
  fieldName: (name) => `custom_fields.${name}`,
  // Its answer to each note holds all notes: 3 MB take minutes.
  large: largeOr(100_000),
  prepares: ({ method, path }) => method === 'POST' && /^\/api\/(custom-fields|leads\/sources)\/$/.test(path),
  writesNote: ({ method, path }) => method === 'POST' && /^\/api\/(leads|contacts)\/[0-9a-f-]{36}\/$/.test(path),
};

export const bottlecrmDeals: NonNullable<Fixture['deals']> = async (connection) => {
  const { opportunities } = (await call(connection, 'GET', '/api/opportunities/?limit=500')) as unknown as {
    opportunities: { id: string; name: string }[];
  };
  return Promise.all(
    opportunities.map(async ({ id, name }) => {
      const { opportunity_obj } = (await call(connection, 'GET', `/api/opportunities/${id}/`)) as unknown as {
        opportunity_obj: { contacts: { id: string }[] };
      };
      return { id, name, contacts: opportunity_obj.contacts.map((contact) => contact.id) };
    }),
  );
};

interface TaskRow {
  id: string;
  title: string;
  description: string | null;
  due_date: string;
  lead: { id: string } | null;
  contacts: { id: string }[];
}

export const bottlecrmTasks: NonNullable<Fixture['tasks']> = {
  async all(connection) {
    const { tasks } = (await call(connection, 'GET', '/api/tasks/?limit=500&slim=true')) as unknown as {
      tasks: { id: string }[];
    };
    return Promise.all(
      tasks.map(async ({ id }) => {
        const { task_obj } = (await call(connection, 'GET', `/api/tasks/${id}/`)) as unknown as { task_obj: TaskRow };
        const { title, description, due_date, lead, contacts } = task_obj;
        const kind = lead ? ('lead' as const) : ('contact' as const);
        const parent = lead?.id ?? contacts[0]?.id;
        const record = parent === undefined ? undefined : { kind, id: parent };
        return { id, record, due: due_date, words: `${title}\n${description}` };
      }),
    );
  },
  complete: async (connection, id) =>
    void (await call(connection, 'PATCH', `/api/tasks/${id}/`, { status: 'Completed' })),
  makes: ({ method, path }) => method === 'POST' && path === '/api/tasks/',
};

const pathOf = ({ kind, id }: RecordRef) => `/api/${kind}s/${id}/`;

async function call(
  { baseUrl, credentials }: Pick<ConnectionDetails, 'baseUrl' | 'credentials'>,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const answer = await fetch(`${baseUrl}${path}`, {
    method,
    // A connection kept open is closed by the server at the very moment it is used again.
    headers: { authorization: `Bearer ${credentials.token}`, 'content-type': 'application/json', connection: 'close' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok)
    throw new Error(`BottleCRM answered ${answer.status} to ${method} ${path}: ${(await answer.text()).slice(0, 300)}`);
  return answer.json() as Promise<Record<string, unknown>>;
}
