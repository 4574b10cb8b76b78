import { type ConversationEvent, type DataOf, newId, type OnStream } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { liveEvent, shownTo } from './event-frame.ts';

const site = newId();
const conversation = newId();
const event = <K extends OnStream<'CONVERSATION'>>(type: K, data: DataOf<K>): ConversationEvent =>
  ({
    type,
    data,
    v: 1,
    id: newId(),
    seq: 9,
    time: 1,
    site,
    key: conversation,
    number: 4,
    actor: { kind: 'agent', id: newId() },
    cause: newId(),
  }) as unknown as ConversationEvent;
const identified = (how: DataOf<'contact-identified'>['how']) =>
  event('contact-identified', { contact: { name: 'Елена', email: 'elena@arka.example' }, how });
const message = event('message-sent', {
  author: { kind: 'agent', id: newId(), name: 'Анна' },
  text: 'Да 👋',
  channel: 'chat',
});

test('a visitor is shown what he said about himself, and of what others know only that there was something', () => {
  expect(shownTo('visitor', identified('visitor-said'))).toMatchObject({
    data: { contact: { email: 'elena@arka.example' } },
  });
  for (const how of ['agent-said', 'signed', 'crm'] as const) {
    const shown = shownTo('visitor', identified(how));
    expect(shown).toMatchObject({ type: 'contact-identified', number: 4, data: { contact: {} } });
    expect(JSON.stringify(shown)).not.toContain('elena');
  }
});

test('an agent is shown everything as it is', () => {
  for (const each of [message, identified('crm')]) expect(shownTo('agent', each)).toBe(each);
});

test('an event of a newer gateway, unknown here, still reaches everybody, since its number counts', () => {
  const unknown = { ...message, type: 'message-translated' } as never;
  expect(shownTo('visitor', unknown)).toBe(unknown);
});

test('the frame is made once for all who see the same, and apart for those who see less', () => {
  const plain = liveEvent(message);
  expect(plain.bytesFor('visitor')).toBe(plain.bytesFor('agent'));
  expect(JSON.parse(plain.bytesFor('agent').toString())).toEqual({ t: 'event', event: message });
  const masked = liveEvent(identified('crm'));
  expect(masked.bytesFor('visitor')).toBe(masked.bytesFor('visitor'));
  expect(masked.bytesFor('visitor').toString()).not.toContain('elena');
  expect(masked.bytesFor('agent').toString()).toContain('elena');
});
