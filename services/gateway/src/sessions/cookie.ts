// The console's cookies, httpOnly, sent to this origin alone. In that of the session stands a random number, nothing else; the other one makes the browser
// known at an account and goes to the login alone.
const SESSION = 'continuo_session';
const DEVICE = 'continuo_device';

/** @param header the request's `Cookie` */
export const sessionIn = (header: string | undefined): string | undefined =>
  valueIn(header, SESSION, /^[A-Za-z0-9_-]{43}$/);
/** @param header the request's `Cookie` */
export const deviceIn = (header: string | undefined): string | undefined => valueIn(header, DEVICE, /^[\w.-]{1,100}$/);

function valueIn(header: string | undefined, wanted: string, fits: RegExp): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value && fits.test(value)) return value;
  }
  return undefined;
}

interface Kept {
  /** The console is reached over https. */
  secure: boolean;
  maxAgeSeconds: number;
}
const cookie = (name: string, value: string, path: string, { secure, maxAgeSeconds }: Kept): string =>
  `${name}=${value}; Path=${path}; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure ? '; Secure' : ''}`;

export const sessionCookie = (session: string, kept: Kept): string => cookie(SESSION, session, '/', kept);
export const noSession = (secure: boolean): string => cookie(SESSION, '', '/', { secure, maxAgeSeconds: 0 });
export const deviceCookie = (device: string, kept: Kept): string => cookie(DEVICE, device, '/api/login', kept);
