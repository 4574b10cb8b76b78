// What a page says by `Continuo(…)`, made into what the protocol has: the gateway checks it again, this only tells the page's developer.
import type { PageFact } from '@continuo/contracts';

/** @returns a sentence for the page's developer where the call does not fit */
export function factOf([call, first, second]: readonly unknown[]): PageFact | string {
  // These two are obeyed elsewhere, and come here where they could not be.
  if (call === 'on') return LISTEN;
  if (call === 'consent') return CONSENT;
  if (call !== 'track' && call !== 'goal' && call !== 'cart') return `there is no Continuo('${call}')`;
  const named = typeof first === 'string' && first !== '' && first.length <= 80;
  if (call === 'cart') return cartOf(first);
  if (!named) return `Continuo('${call}', name): a name of 1 to 80 characters is expected`;
  if (call === 'goal') return goalOf(first, second ?? {});
  const data = fieldsOf(second ?? {});
  return data ? { kind: 'event', name: first, ...(Object.keys(data).length > 0 && { data }) } : EVENT;
}

const LISTEN = "Continuo('on', event, listener): a function is expected";
const CONSENT = "Continuo('consent', true): true or false is expected";
const EVENT = "Continuo('track', name, data): data is at most 20 fields of text (300), number or boolean";
const CART = "Continuo('cart', { items: [{ name, quantity, price }], total, currency }): this does not fit";
const GOAL = "Continuo('goal', name, { value, currency }): a number and three capital letters are expected";

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAmount = (value: unknown): value is number => Number.isFinite(value) && Math.abs(value as number) <= 1e12;
const isCurrency = (value: unknown): value is string => typeof value === 'string' && /^[A-Z]{3}$/.test(value);

function worthOf({ value, currency }: { value: unknown; currency: unknown }) {
  if ((value !== undefined && !isAmount(value)) || (currency !== undefined && !isCurrency(currency))) return undefined;
  return { value: value as number | undefined, currency: currency as string | undefined };
}

function goalOf(name: string, given: unknown): PageFact | string {
  const worth = isFields(given) && worthOf({ value: given['value'], currency: given['currency'] });
  return worth ? tidy({ kind: 'goal', name, ...worth }) : GOAL;
}

function cartOf(given: unknown): PageFact | string {
  const items = isFields(given) ? given['items'] : undefined;
  const worth = isFields(given) && worthOf({ value: given['total'], currency: given['currency'] });
  if (!worth || !Array.isArray(items) || items.length > 50) return CART;
  // Spread, since `every` passes over holes.
  const fits = [...items].every(
    (item) =>
      isFields(item) &&
      typeof item['name'] === 'string' &&
      item['name'] !== '' &&
      isAmount(item['quantity']) &&
      item['quantity'] > 0 &&
      item['quantity'] <= 1e6 &&
      (item['price'] === undefined || isAmount(item['price'])),
  );
  if (!fits) return CART;
  return tidy({
    kind: 'cart',
    items: items.map(({ name, quantity, price }) => tidy({ name: name.slice(0, 200), quantity, price })),
    total: worth.value,
    currency: worth.currency,
  });
}

function fieldsOf(given: unknown): Record<string, string | number | boolean> | undefined {
  if (!isFields(given)) return undefined;
  const fields = Object.entries(given);
  const fits = fields.every(
    ([key, value]) =>
      key !== '' &&
      key.length <= 40 &&
      (typeof value === 'boolean' || Number.isFinite(value) || (typeof value === 'string' && value.length <= 300)),
  );
  return fits && fields.length <= 20
    ? (Object.fromEntries(fields) as Record<string, string | number | boolean>)
    : undefined;
}

/** Without the fields that say nothing: the protocol has no `undefined`. */
const tidy = (fields: Fields): never =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
