// Addresses of the console.
import { expect, test } from '@jest/globals';
import { hrefOf, parseRoute } from './route.ts';

const ID = 'c000000000000000000001';

test('a link from the CRM opens its dialogue and is remembered as such', () => {
  expect(parseRoute(`#/conversation/${ID}?from=crm`)).toEqual({
    page: 'conversation',
    conversation: ID,
    fromCrm: true,
    card: false,
  });
});

test('each address leads back to itself', () => {
  for (const href of [
    '#/inbox',
    '#/me',
    '#/parked',
    '#/crm',
    `#/crm/${ID}`,
    '#/crm/hubspot',
    `#/crm/hubspot/${ID}`,
    `#/conversation/${ID}`,
    `#/conversation/${ID}/card?from=crm`,
  ])
    expect(hrefOf(parseRoute(href))).toBe(href);
});

test('what is no address leads to the inbox', () => {
  for (const href of ['', '#', '#/nothing', '#/conversation/<script>', '#/conversation/'])
    expect(parseRoute(href)).toEqual({ page: 'inbox' });
});
