import { expect, test } from '@jest/globals';
import { loadTemplates } from '../templates.ts';
import { fieldsOf } from './context.ts';
import { factsOf, outcomeOf, wayOf } from './facts.ts';
import { AT, dialogue, type Step } from './given-dialogue.ts';

const page = {
  url: 'https://shop.example.com/lamps?utm_source=chatpage&session=1',
  title: 'Лампы',
  referrer: 'https://shop.example.com/',
};
const talk: Step[] = [{ say: 'hi', by: 'visitor' }, { say: 'hello', by: 'agent' }, { close: 'solved' }, { rate: 4 }];

test('the first page is that of the visit, the last one where the visitor was when it ended', () => {
  const transcript = dialogue(talk, { page, closedAt: AT + 180_000 });
  const way = wayOf(transcript, {
    referrer: 'https://search.example/?q=my+illness',
    pages: [
      { url: 'https://shop.example.com/later', at: AT + 181_000 },
      { url: 'https://shop.example.com/cart?code=1', title: 'Корзина', at: AT + 60_000 },
      { url: 'https://shop.example.com/?utm_source=ads&utm_campaign=Лето', title: 'Start', at: AT - 60_000 },
    ],
  });
  expect(factsOf(transcript, way, 'https://chat.example.com/open/x')).toEqual({
    channel: 'chat',
    source: 'ads',
    campaign: 'Лето',
    firstPage: `https://shop.example.com/?${new URLSearchParams({ utm_source: 'ads', utm_campaign: 'Лето' })}`,
    firstPageTitle: 'Start',
    lastPage: 'https://shop.example.com/cart',
    lastPageTitle: 'Корзина',
    referrer: 'https://search.example/',
    language: 'ru',
    messages: '2',
    agents: 'Maria',
    startedAt: '2026-11-24T09:00:00.000Z',
    rating: '4',
    dialogueUrl: 'https://chat.example.com/open/x',
    endedAt: '2026-11-24T09:03:00.000Z',
    duration: '0:03:00',
  });
});

test('without a card the page that the dialogue began on is the first and the last one', () => {
  expect(factsOf(dialogue(talk, { page }), {}, 'x')).toMatchObject({
    firstPage: 'https://shop.example.com/lamps?utm_source=chatpage',
    lastPage: 'https://shop.example.com/lamps?utm_source=chatpage',
    source: 'chatpage',
  });
});

test('a visit that began after the dialogue says nothing of how it began', () => {
  const card = { referrer: 'https://other.example/', pages: [{ url: 'https://shop.example.com/b', at: AT + 30_000 }] };
  expect(wayOf(dialogue(talk), card)).toEqual({ lastPage: 'https://shop.example.com/b' });
  expect(wayOf(dialogue(talk, { closedAt: AT }), card)).toEqual({});
});

test('what came of a dialogue up to an event stays so, whatever comes later', () => {
  const more: Step[] = [...talk, { say: 'again', by: 'agent' }, { close: 'solved' }];
  expect(outcomeOf(dialogue(more), 3)).toEqual(outcomeOf(dialogue(talk), 3));
  expect(outcomeOf(dialogue(more), 3)).toMatchObject({ duration: '0:03:00', messages: '2', rating: undefined });
  expect(outcomeOf(dialogue(more))).toMatchObject({ duration: '0:06:00', messages: '3', rating: '4' });
});

test('the site’s fields hold what its templates say; one of which nothing is known is left alone', () => {
  const transcript = dialogue(talk, { page, contact: { name: 'Anna' } });
  const fields = {
    website: '{{firstPage}}',
    job_title: 'Chat of {{name}}[[, {{rating}} stars]]',
    industry: '{{consent}}',
  };
  const context = {
    siteName: 'Shop',
    dialogueUrl: 'x',
    language: 'en' as const,
    timeZone: 'UTC',
    words: loadTemplates().en,
    fields,
  };
  expect(fieldsOf(transcript, { ...context, facts: factsOf(transcript, {}, 'x') })).toEqual({
    website: 'https://shop.example.com/lamps?utm_source=chatpage',
    job_title: 'Chat of Anna, 4 stars',
  });
});
