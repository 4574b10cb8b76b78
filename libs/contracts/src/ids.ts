// Ids: 22 characters of [0-9a-z]. They stand in NATS subjects, so each is parsed at every border: a `*`, `>` or `.` in one is an attack.
// No import: the widget bundles this file.

declare const brand: unique symbol;
export type Id<Kind extends string> = string & { readonly [brand]: Kind };
export type SiteId = Id<'site'>;
export type ConversationId = Id<'conversation'>;
export type VisitorId = Id<'visitor'>;
export type AgentId = Id<'agent'>;
export type CommandId = Id<'command'>;

export const ID_PATTERN = /^[0-9a-z]{22}$/;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const LENGTH = 22;

/** A fresh random id: 113 bits, from the platform's cryptographic source. */
export function newId<Kind extends string = string>(): Id<Kind> {
  let id = '';
  while (id.length < LENGTH) {
    // 252 = 7 × 36: larger bytes are thrown away, else the first letters would be likelier.
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH)))
      if (byte < 252 && id.length < LENGTH) id += ALPHABET[byte % 36];
  }
  return id as Id<Kind>;
}

/** 22 letters out of at least 16 bytes of a digest: the same bytes always give the same id. */
export function idFromBytes<Kind extends string = string>(bytes: Uint8Array): Id<Kind> {
  let rest = 0n;
  for (const byte of bytes.subarray(0, 16)) rest = (rest << 8n) | BigInt(byte);
  let id = '';
  for (let i = 0; i < LENGTH; i++) {
    id += ALPHABET[Number(rest % 36n)];
    rest /= 36n;
  }
  return id as Id<Kind>;
}

export const isId = (value: unknown): value is string => typeof value === 'string' && ID_PATTERN.test(value);

/** @throws {TypeError} naming what was expected; the value itself is not repeated, since it may be an attack */
export function parseId<Kind extends string>(value: unknown, kind: Kind): Id<Kind> {
  if (!isId(value)) throw new TypeError(`not a ${kind} id: 22 characters of 0-9 and a-z are expected`);
  return value as Id<Kind>;
}
