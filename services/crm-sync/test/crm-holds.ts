// Reads the CRM through its own API, apart from the connector: what an employee would find there.
import { dialogueOf, parsePartMarker } from '../src/domain/note.ts';

export interface HeldRecord {
  kind: 'lead' | 'contact';
  id: string;
  fields: Record<string, unknown>;
  notes: string[];
  /** Of the notes, in their order. */
  noteIds: string[];
}
type Rows = { id: string }[];
type Note = { comment: string; content_type: string; object_id: string };

/** @param world or whatever else names an organisation of the CRM */
export function crmOf(world: { crm: { baseUrl: string; token: string } }) {
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${world.crm.baseUrl}${path}`, {
      method,
      // A connection kept open is closed by the server at the very moment it is used again.
      headers: { authorization: `Bearer ${world.crm.token}`, 'content-type': 'application/json', connection: 'close' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`BottleCRM answered ${answer.status} to ${method} ${path}`);
    return (await answer.json()) as T;
  };
  const read = async (kind: 'lead' | 'contact', id: string): Promise<HeldRecord> => {
    const answer = await call<
      Record<string, unknown> & { comments: { id: string; comment: string; commented_on: string }[] }
    >('GET', `/api/${kind}s/${id}/`);
    const notes = answer.comments.sort((a, b) => a.commented_on.localeCompare(b.commented_on));
    return {
      kind,
      id,
      fields: answer[`${kind}_obj`] as Record<string, unknown>,
      notes: notes.map(({ comment }) => comment),
      noteIds: notes.map(({ id }) => id),
    };
  };
  /** Such as were not converted. */
  const leadsWith = async (email: string): Promise<HeldRecord[]> => {
    const { open_leads, close_leads } = await call<{
      open_leads: { open_leads: Rows };
      close_leads: { close_leads: Rows };
    }>('GET', `/api/leads/?limit=500&email=${encodeURIComponent(email)}`);
    return Promise.all([...open_leads.open_leads, ...close_leads.close_leads].map(({ id }) => read('lead', id)));
  };
  let ownPage: Promise<string> | undefined;
  /**
   * The records that a note with these words hangs on, among all that this key ever wrote: to read every record costs the CRM so much that a test which waits
   * slows what it waits for. Notes outlive there what they hang on, and those of a lead that was converted hang on the company.
   */
  const recordsWith = async (words: string): Promise<HeldRecord[]> => {
    ownPage ??= call<{ user_obj: { user_details: { id: string } } }>('GET', '/api/profile/').then(
      ({ user_obj }) => `/api/user/${user_obj.user_details.id}/`,
    );
    const { data } = await call<{ data: { comments: Note[] } }>('GET', await ownPage);
    const names = data.comments
      .filter(({ comment, content_type }) => comment.includes(words) && /^(lead|contact)$/.test(content_type))
      .map(({ content_type, object_id }) => `${content_type} ${object_id}`);
    const records = await Promise.all([...new Set(names)].map((name) => readIfThere(name)));
    return records.filter((record) => record !== undefined);
  };
  const readIfThere = async (name: string): Promise<HeldRecord | undefined> => {
    const [kind, id] = name.split(' ') as ['lead' | 'contact', string];
    return read(kind, id).catch((error: Error) => {
      if (!error.message.includes(' 404 ')) throw error;
      return undefined;
    });
  };
  return {
    leadsWith,
    call,
    read,
    addContact: async (contact: object): Promise<string> =>
      (await call<{ id: string }>('POST', '/api/contacts/', contact)).id,
    removeNote: (kind: 'lead' | 'contact', note: string) => call('DELETE', `/api/${kind}s/comment/${note}/`),
    addField: (key: string) =>
      call('POST', '/api/custom-fields/', { target_model: 'Lead', key, label: key, field_type: 'text' }),
    /** Our leads of a visitor, also such as hold nothing. */
    leadsOf: async (visitor: string): Promise<HeldRecord[]> => {
      const { results } = await call<{ results: { type: string; id: string }[] }>('GET', `/api/search/?q=${visitor}`);
      return Promise.all(results.filter(({ type }) => type === 'lead').map(({ id }) => read('lead', id)));
    },
    /** Titles of the tasks that a dialogue led to. */
    tasksOf: async (conversation: string): Promise<string[]> => {
      const { tasks } = await call<{ tasks: { title: string }[] }>(
        'GET',
        `/api/tasks/?title=${conversation}&slim=true&limit=100`,
      );
      return tasks.map(({ title }) => title).sort();
    },
    remove: (kind: 'lead' | 'contact', id: string) => call('DELETE', `/api/${kind}s/${id}/`),
    convert: (lead: string) => call<{ contact_id: string }>('PATCH', `/api/leads/${lead}/`, { status: 'converted' }),
    /** The notes of one conversation, by part: each part once, whatever record it is on. */
    async parts(
      conversation: string,
    ): Promise<{ record: string; part: number; note: string; noteId: string; text: string }[]> {
      return (await recordsWith(conversation))
        .flatMap(({ id, notes, noteIds }) =>
          notes.flatMap((note, index) => {
            const marker = parsePartMarker(note);
            return marker?.conversation === conversation
              ? [{ record: id, part: marker.part, note, noteId: noteIds[index] as string, text: dialogueOf(note) }]
              : [];
          }),
        )
        .sort((a, b) => a.part - b.part);
    },
  };
}
export type CrmReader = ReturnType<typeof crmOf>;

/** The texts as said, found one after the other and none of them again. */
export function expectSaidOnce(whole: string, said: readonly string[]): void {
  let at = 0;
  for (const text of said) {
    const found = whole.indexOf(text, at);
    if (found < 0) throw new Error(`not in the CRM, or not in its place: ${text.slice(0, 60)}`);
    at = found + text.length;
  }
  for (const text of new Set(said)) {
    const times = whole.split(text).length - 1;
    const expected = said
      .filter((other) => other.includes(text))
      .reduce((sum, other) => sum + other.split(text).length - 1, 0);
    if (times !== expected) throw new Error(`${times} times in the CRM instead of ${expected}: ${text.slice(0, 60)}`);
  }
}
