import { expect, test } from '@jest/globals';
import { stages } from './start-stages.ts';

function recording() {
  const said: string[] = [];
  const ends = new Map<string, () => void>();
  const one = (name: string): AsyncDisposable => ({
    [Symbol.asyncDispose]: () => {
      said.push(name);
      return new Promise((resolve) => {
        ends.set(name, resolve);
      });
    },
  });
  return { said, one, end: (name: string) => ends.get(name)?.() };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('all of one stage stop at once, and the next begins when the slowest is gone', async () => {
  const { said, one, end } = recording();
  const all = stages();
  all.use('servers', one('nats'));
  all.use('services', one('conversation'));
  all.use('doors', one('gateway'));
  all.use('services', one('crm-sync'));
  const stopped = all.stop();
  await turn();
  expect(said).toEqual(['gateway']);
  end('gateway');
  await turn();
  expect(said).toEqual(['gateway', 'conversation', 'crm-sync']);
  end('conversation');
  await turn();
  expect(said).not.toContain('nats');
  end('crm-sync');
  await turn();
  expect(said).toContain('nats');
  end('nats');
  await stopped;
});

test('what cannot be stopped keeps nobody else from it, and is said', async () => {
  const { said, one, end } = recording();
  const all = stages();
  all.use('doors', { [Symbol.asyncDispose]: () => Promise.reject(new Error('the shop hangs')) });
  all.use('servers', one('nats'));
  const stopped = all.stop();
  await turn();
  end('nats');
  await expect(stopped).rejects.toThrow('the shop hangs');
  expect(said).toEqual(['nats']);
});

test('what comes up while all is being stopped goes with its stage, and at once when that is over', async () => {
  const { said, one, end } = recording();
  const all = stages();
  all.use('services', one('conversation'));
  const stopped = all.stop();
  await turn();
  all.use('servers', one('the CRM'));
  expect(() => all.use('doors', one('the shop'))).toThrow('all is being stopped');
  expect(said).toEqual(['conversation', 'the shop']);
  end('conversation');
  await turn();
  end('the CRM');
  await stopped;
  expect(said).toEqual(['conversation', 'the shop', 'the CRM']);
});
