import { expect, test } from '@jest/globals';
import { givenStorage, SITE } from './given.ts';
import { openKeep } from './keep.ts';
import { obey, personIn } from './page-call.ts';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (sub: unknown): string => `${part({ alg: 'HS256' })}.${part({ sub, name: 'Lea ??? Łoś' })}.c2lnbmVk`;

function givenWidget(verified = true) {
  const done: unknown[] = [];
  const parcels: unknown[] = [];
  const widget = {
    client: {
      prove: async (token: string) => {
        done.push(['proved', personIn(token)]);
        return verified ? { externalId: personIn(token), email: 'lea@visitor.example' } : undefined;
      },
      state: () => ({ known: {}, parcels }),
      post: (what: unknown) => void parcels.push(what),
      report: (fact: unknown) => void done.push(['reported', fact]),
    },
    keep: openKeep(SITE, givenStorage()),
    post: (message: unknown) => void done.push(message),
    renew: (call: readonly unknown[]) => void done.push(['renewed for', personIn(String(call[1]))]),
  };
  return { done, parcels, say: (...call: unknown[]) => obey(call, widget as never) };
}

test('whoever is signed in is told to the gateway, as often as the page says it', async () => {
  const { done, parcels, say } = givenWidget();
  await say('identify', tokenOf('4711'));
  await say('identify', tokenOf('4711'));
  expect(parcels).toEqual([{ kind: 'email', email: 'lea@visitor.example' }]);
  expect(done).toEqual([['proved', '4711'], ['identified'], ['proved', '4711'], ['identified']]);
});

test('somebody else who is signed in on the same device is a new visitor', async () => {
  const { done, say } = givenWidget();
  await say('identify', tokenOf('4711'));
  await say('identify', tokenOf('ŁOŚ'));
  expect(done.at(-1)).toEqual(['renewed for', 'ŁOŚ']);
});

test('a token that the gateway did not verify makes nobody known, so nobody is forgotten for it', async () => {
  const { done, say } = givenWidget(false);
  await say('identify', tokenOf('4711'));
  await say('identify', tokenOf('4712'));
  await say('identify', 'nonsense');
  await say('identify', tokenOf(7));
  expect(done.map((one) => (one as unknown[])[0])).toEqual(Array(4).fill(['proved', 'warn']).flat());
});

test('a fact is reported, and what is none is said to the page’s developer', async () => {
  const { done, say } = givenWidget();
  await say('goal', 'order');
  await say('dance');
  expect(done).toEqual([
    ['reported', { kind: 'goal', name: 'order' }],
    ['warn', "there is no Continuo('dance')"],
  ]);
});
