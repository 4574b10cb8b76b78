// The session cookie of the console: httpOnly, sent to this origin alone. In it stands a random number, nothing else.
const NAME = 'continuo_session';

/** @param header the request's `Cookie` */
export function sessionIn(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === NAME && value && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
  }
  return undefined;
}

const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';

/** @param secure the console is reached over https */
export const sessionCookie = (
  session: string,
  { secure, maxAgeSeconds }: { secure: boolean; maxAgeSeconds: number },
): string => `${NAME}=${session}; ${ATTRIBUTES}; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`;

export const noSession = (secure: boolean): string => `${NAME}=; ${ATTRIBUTES}; Max-Age=0${secure ? '; Secure' : ''}`;
