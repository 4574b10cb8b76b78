import { expect, test } from '@jest/globals';
import { noSession, sessionCookie, sessionIn } from './cookie.ts';

const SESSION = `${'A-_z0'.repeat(8)}abc`;

test('the session is found among other cookies, wherever it stands', () => {
  expect(SESSION).toHaveLength(43);
  for (const header of [
    `continuo_session=${SESSION}`,
    `theme=dark; continuo_session=${SESSION}`,
    `a=1;continuo_session=${SESSION};b=2`,
  ])
    expect(sessionIn(header)).toBe(SESSION);
});

test('what cannot be a session of ours is none', () => {
  for (const header of [
    undefined,
    '',
    ';;=;',
    'continuo_session=',
    `continuo_session=${SESSION}x`,
    `continuo_session=${SESSION.slice(1)}`,
    `continuo_session=${SESSION.slice(1)}"`,
    `continuo_sessions=${SESSION}`,
    `x_continuo_session=${SESSION}`,
  ])
    expect(sessionIn(header)).toBeUndefined();
});

test('the cookie is out of reach of scripts and of other sites, and over https of eavesdroppers', () => {
  const plain = sessionCookie(SESSION, { secure: false, maxAgeSeconds: 60 });
  expect(plain).toBe(`continuo_session=${SESSION}; Path=/; HttpOnly; SameSite=Strict; Max-Age=60`);
  expect(sessionCookie(SESSION, { secure: true, maxAgeSeconds: 60 })).toBe(`${plain}; Secure`);
  expect(sessionIn(plain.split(';')[0])).toBe(SESSION);
});

test('logging out makes the browser forget the same cookie', () => {
  expect(noSession(false)).toBe('continuo_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
  expect(noSession(true)).toMatch(/; Secure$/);
  expect(sessionIn(noSession(false))).toBeUndefined();
});
