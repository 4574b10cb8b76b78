// What an employee finds in the CRM, read through the CRM's own API and taken apart again. Imports no product code, so it can disagree with it.

export interface CrmMessage {
  from: 'visitor' | 'agent';
  text: string;
}
export interface CrmDialogue {
  conversation: string;
  /** Records it stands on, each once. */
  records: string[];
  parts: number;
  messages: CrmMessage[];
  /** Links that open the dialogue in the console. */
  links: string[];
}
interface Access {
  baseUrl: string;
  token: string;
}
export interface Note {
  record: string;
  text: string;
}

const MARKER = /\n\[continuo ([0-9a-z]{22}) part (\d+)\]\s*$/;
const BLOCK = /^\[(?:\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}) \d\d:\d\d(?: [\w/+-]+)?\] /m;
const SPOKEN =
  /^(?:[^\n]*? \((visitor|agent|посетитель|сотрудник)\)|(Visitor|Agent|Посетитель|Сотрудник))(?: \([^)]*\))?: ([\s\S]*)$/;
const VISITOR = new Set(['visitor', 'посетитель']);

/** Every dialogue that the organisation's leads and contacts hold. @throws when a part stands twice or is missing */
export async function crmDialogues(access: Access): Promise<CrmDialogue[]> {
  const { dialogues, faults } = dialoguesIn((await crmNotes(access)).notes);
  if (faults[0] !== undefined) throw new Error(faults[0]);
  return dialogues;
}

/** The dialogues in these notes, wherever they stand; of one whose parts stand twice or are missing it is said so instead. */
export function dialoguesIn(notes: readonly Note[]): { dialogues: CrmDialogue[]; faults: string[] } {
  const byConversation = new Map<string, Map<number, Note>>();
  const faults: string[] = [];
  for (const note of notes) {
    const marker = MARKER.exec(note.text);
    if (!marker) continue;
    const [, conversation, part] = marker as unknown as [string, string, string];
    const parts = byConversation.get(conversation) ?? new Map<number, Note>();
    if (parts.has(Number(part))) faults.push(`part ${part} of ${conversation} stands twice in the CRM`);
    byConversation.set(conversation, parts.set(Number(part), note));
  }
  const dialogues = [...byConversation].flatMap(([conversation, parts]) => {
    try {
      return [takeApart(conversation, parts)];
    } catch (error) {
      faults.push((error as Error).message);
      return [];
    }
  });
  return { dialogues, faults };
}

/** The texts of all notes, as they stand there. */
export const crmTexts = async (access: Access): Promise<string[]> =>
  (await crmNotes(access)).notes.map(({ text }) => text);

function takeApart(conversation: string, parts: Map<number, Note>): CrmDialogue {
  const ordered = Array.from({ length: parts.size }, (_, index) => {
    const note = parts.get(index + 1);
    if (!note) throw new Error(`part ${index + 1} of ${conversation} is missing in the CRM`);
    return note;
  });
  // Heading, blank line, dialogue, marker. A message may go on in the next part, so the pieces are joined before they are read.
  const whole = ordered.map(({ text }) => text.slice(text.indexOf('\n\n') + 2).replace(MARKER, '')).join('');
  const messages = whole.split(BLOCK).flatMap((block): CrmMessage[] => {
    const spoken = SPOKEN.exec(block);
    if (!spoken) return [];
    const role = (spoken[1] ?? spoken[2] ?? '').toLowerCase();
    return [{ from: VISITOR.has(role) ? 'visitor' : 'agent', text: (spoken[3] as string).trim() }];
  });
  return {
    conversation,
    records: [...new Set(ordered.map(({ record }) => record))],
    parts: parts.size,
    messages,
    links: ordered.flatMap(({ text }) => /https?:\/\/\S+\/open\/\S+/.exec(text)?.[0] ?? []),
  };
}

/** All leads and contacts, and what stands on them. */
export async function crmNotes(access: Access): Promise<{ records: string[]; notes: Note[] }> {
  const leads = await get<{
    open_leads: { open_leads: { id: string }[] };
    close_leads: { close_leads: { id: string }[] };
  }>(access, '/api/leads/?limit=1000');
  const contacts = await get<{ results: { id: string }[] }>(access, '/api/contacts/?limit=1000');
  const records = [...leads.open_leads.open_leads, ...leads.close_leads.close_leads]
    .map(({ id }) => `/api/leads/${id}/`)
    .concat(contacts.results.map(({ id }) => `/api/contacts/${id}/`));
  const notes: Note[] = [];
  for (const path of records) {
    const { comments } = await get<{ comments: { comment: string }[] }>(access, path);
    for (const { comment } of comments) notes.push({ record: path, text: comment });
  }
  return { records, notes };
}

async function get<T>({ baseUrl, token }: Access, path: string): Promise<T> {
  const answer = await fetch(`${baseUrl}${path}`, {
    // A connection kept open is closed by the server at the very moment it is used again.
    headers: { authorization: `Bearer ${token}`, connection: 'close' },
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`the CRM answered ${answer.status} to GET ${path}`);
  return (await answer.json()) as T;
}
