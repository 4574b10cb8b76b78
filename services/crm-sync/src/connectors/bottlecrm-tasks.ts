// Tasks in BottleCRM. Its list shows no text and filters by title alone, and the answer to a new task names no id: so the marker stands at the end of the title.
import type { RecordRef } from '../domain/link.ts';
import { tasks as shape } from './bottlecrm-shapes.ts';
import type { Task } from './connector.ts';
import { CrmError } from './crm-error.ts';
import type { Http } from './http.ts';

const TITLE_LIMIT = 200;
const PAGE = 50;

export async function findTasks(http: Http, marker: string): Promise<string[]> {
  const { tasks } = await http.get('/api/tasks/', shape, { title: marker, slim: 'true', limit: PAGE });
  return tasks
    .filter(({ title }) => title.endsWith(marker))
    .sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))
    .map(({ id }) => id);
}

export async function createTask(http: Http, { kind, id }: RecordRef, task: Task): Promise<string> {
  const { subject, text, marker, due } = task;
  await http.send('POST', '/api/tasks/', {
    title: `${subject.slice(0, TITLE_LIMIT - marker.length - 1).toWellFormed()} ${marker}`,
    description: text,
    status: 'New',
    priority: 'High',
    due_date: new Date(due).toISOString().slice(0, 10),
    ...(kind === 'lead' ? { lead: id } : { contacts: [id] }),
  });
  const newest = (await findTasks(http, marker)).at(-1);
  if (newest === undefined)
    throw new CrmError('server-error', 'BottleCRM took a task but does not show it.', { outcomeUnknown: true });
  return newest;
}
