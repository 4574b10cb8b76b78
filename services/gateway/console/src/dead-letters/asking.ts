// What could not be handled, asked of the gateway over HTTP: supervisors and administrators list it, have it handled again or take it away.
import type { Role } from '@continuo/contracts';

export interface ParkedLetter {
  id: string;
  consumer: string;
  /** Of the event, or the name of the timer. */
  type?: string;
  conversation?: string;
  words: string;
  attempts: number;
  parkedAt: number;
}
/** `more`: there are younger ones, which the gateway shows when these are decided on. */
export type Listed = { kind: 'letters'; letters: ParkedLetter[]; more: boolean } | { kind: 'trouble' };
export type Opened = { kind: 'content'; content: string } | { kind: 'gone' } | { kind: 'trouble' };
/** `gone`: somebody else was quicker. */
export type Settled = 'done' | 'gone' | 'failed-again' | 'trouble';

export const seesParked = (role: Role | undefined): boolean => role === 'supervisor' || role === 'admin';

/** Together with the SameSite cookie it proves that the console itself asks, not a page elsewhere. */
const OWN = { 'x-continuo': 'console' };

export async function listParked(): Promise<Listed> {
  try {
    const response = await fetch('/api/dead-letters', { headers: OWN });
    if (!response.ok) return { kind: 'trouble' };
    const { letters, more } = (await response.json()) as { letters: ParkedLetter[]; more: boolean };
    return { kind: 'letters', letters, more };
  } catch {
    return { kind: 'trouble' };
  }
}

/** What the record holds: it may be a visitor's words, so it is fetched for who asks to see it, and kept nowhere. */
export async function openParked(id: string): Promise<Opened> {
  try {
    const response = await fetch(`/api/dead-letters/${encodeURIComponent(id)}`, { headers: OWN });
    if (response.status === 404) return { kind: 'gone' };
    if (!response.ok) return { kind: 'trouble' };
    const { content } = (await response.json()) as { content: string };
    return { kind: 'content', content: legible(content) };
  } catch {
    return { kind: 'trouble' };
  }
}

/** JSON on lines of its own; whatever else it is stays as it is. */
export function legible(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}

export async function settleParked(verb: 'replay' | 'discard', id: string): Promise<Settled> {
  try {
    const headers = { ...OWN, 'content-type': 'application/json' };
    const response = await fetch(`/api/dead-letters/${verb}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ id }),
    });
    return judge(response.status);
  } catch {
    return 'trouble';
  }
}

export function judge(status: number): Settled {
  if (status === 204) return 'done';
  if (status === 404) return 'gone';
  return status === 409 ? 'failed-again' : 'trouble';
}
