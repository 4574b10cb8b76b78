// Logging in and out, and what the login page shows of it. The server keeps the session in a cookie that scripts cannot read.
export type LoginAnswer =
  | { kind: 'welcome' }
  | { kind: 'wrong' }
  | { kind: 'too-many'; retryAfterSeconds: number }
  | { kind: 'unreachable' };

export type LoginForm =
  | { kind: 'ready'; trouble?: 'wrong' | 'unreachable' }
  | { kind: 'sending' }
  /** No try before then, by this device's clock. */
  | { kind: 'locked'; until: number };

/** What the page shows after an answer. */
export function afterAnswer(answer: Exclude<LoginAnswer, { kind: 'welcome' }>, now: number): LoginForm {
  if (answer.kind === 'too-many') return { kind: 'locked', until: now + answer.retryAfterSeconds * 1000 };
  return { kind: 'ready', trouble: answer.kind };
}

/** Whole seconds until the next try is allowed; 0 when it is. */
export const secondsLocked = (form: LoginForm, now: number): number =>
  form.kind === 'locked' ? Math.max(0, Math.ceil((form.until - now) / 1000)) : 0;

export function judge(status: number, body: { retryAfterSeconds?: unknown }): LoginAnswer {
  if (status === 200 || status === 204) return { kind: 'welcome' };
  if (status === 400 || status === 401) return { kind: 'wrong' };
  if (status !== 429) return { kind: 'unreachable' };
  const seconds = body.retryAfterSeconds;
  return { kind: 'too-many', retryAfterSeconds: typeof seconds === 'number' && seconds > 0 ? seconds : 30 };
}

/** Together with the SameSite cookie it proves that the console itself asks, not a page elsewhere. */
const OWN = { 'x-continuo': 'console' };

export async function logIn(email: string, password: string): Promise<LoginAnswer> {
  try {
    const headers = { ...OWN, 'content-type': 'application/json' };
    const response = await fetch('/api/login', { method: 'POST', headers, body: JSON.stringify({ email, password }) });
    const body: unknown = await response.json().catch(() => ({}));
    return judge(response.status, body as { retryAfterSeconds?: unknown });
  } catch {
    return { kind: 'unreachable' };
  }
}

export async function logOut(): Promise<void> {
  await fetch('/api/logout', { method: 'POST', headers: OWN }).catch(() => undefined);
}

/** Id of the agent whose session this browser has; undefined when nobody is logged in. Throws when the server does not answer. */
export async function whoAmI(): Promise<string | undefined> {
  const response = await fetch('/api/me', { headers: OWN });
  if (response.status === 401) return undefined;
  if (!response.ok) throw new Error(`the gateway answered ${response.status} to /api/me`);
  const { id } = (await response.json()) as { id: string };
  return id;
}
