import { visitorFrame } from '@continuo/contracts/frames';
import { newId } from '@continuo/contracts/ids';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { factOf } from './host-call.ts';

test('what the page says becomes what the protocol has', () => {
  expect(factOf(['track', 'compare'])).toEqual({ kind: 'event', name: 'compare' });
  expect(factOf(['track', 'compare', { desks: 3 }])).toEqual({ kind: 'event', name: 'compare', data: { desks: 3 } });
  expect(factOf(['goal', 'order', { value: 890, currency: 'EUR' }])).toEqual({
    kind: 'goal',
    name: 'order',
    value: 890,
    currency: 'EUR',
  });
  expect(
    factOf(['cart', { items: [{ name: 'Oak desk', quantity: 1, price: undefined, sku: 7 }], total: 890 }]),
  ).toEqual({
    kind: 'cart',
    items: [{ name: 'Oak desk', quantity: 1 }],
    total: 890,
  });
});

test.each([
  ['track', ''],
  ['track', 'x', { deep: {} }],
  ['track', 'x', 5],
  ['track', 'x', [false]],
  ['goal', 'order', { currency: ['EUR'] }],
  ['goal', 'order', { value: '890' }],
  ['goal', 'order', { currency: 'euro' }],
  ['cart'],
  ['buy', 'desk'],
  ['on', 'open', 'text'],
  ['consent', 'yes'],
  ['cart', { items: [{ name: 'Oak desk', quantity: 0 }] }],
])('%s does not fit: the developer is told, the gateway nothing', (...call) => {
  expect(factOf(call)).toEqual(expect.stringContaining(`Continuo('${call[0]}'`));
});

test('whatever a page says, nothing reaches the gateway that does not fit the protocol', () => {
  const call = fc.constantFrom('track', 'goal', 'cart');
  const some = fc.oneof(
    fc.anything(),
    fc.record({ items: fc.array(fc.anything()), value: fc.anything(), currency: fc.anything() }),
  );
  fc.assert(
    fc.property(call, fc.oneof(fc.string(), some), some, (...said) => {
      const fact = factOf(said);
      if (typeof fact === 'string') return;
      expect(visitorFrame.safeParse({ t: 'fact', id: newId(), fact }).success).toBe(true);
    }),
  );
});
