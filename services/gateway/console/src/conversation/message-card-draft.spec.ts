// What becomes of what was typed; all of it must be what the protocol takes.
import { card as cardSchema } from '@continuo/contracts';
import { expect, test } from '@jest/globals';
import { cardOf, webAddress } from './message-card-draft.ts';

const button = (label: string, link = '', key = label) => ({ key, label, link });

test('a title, a picture and buttons become a card; what was left empty is not there', () => {
  const draft = {
    title: ' Oak desk ',
    picture: 'nordhem.example/are 160.jpg',
    buttons: [button('Keep it '), button('', '', 'empty'), button('See it', "https://nordhem.example/d'or?a=`b`")],
  };
  const { card } = cardOf(draft);
  expect(card).toEqual({
    title: 'Oak desk',
    picture: 'https://nordhem.example/are%20160.jpg',
    buttons: [{ label: 'Keep it' }, { label: 'See it', link: 'https://nordhem.example/d%27or?a=%60b%60' }],
  });
  expect(cardSchema.parse(card)).toEqual(card);
  expect(cardOf({ title: ' ', picture: '', buttons: [button('', '', 'empty')] })).toEqual({});
});

test('it is said where something is missing or wrong', () => {
  const of = (more: object) => cardOf({ title: '', picture: '', buttons: [], ...more }).fault;
  expect(of({ picture: 'http://nordhem.example/a.jpg' })).toEqual({ field: 'picture' });
  expect(of({ buttons: [button('', 'nordhem.example', 'b')] })).toEqual({ field: 'label', button: 'b' });
  expect(of({ buttons: [button('Go', 'javascript:alert(1)', 'b')] })).toEqual({ field: 'link', button: 'b' });
});

test('addresses are of hosts over https', () => {
  expect(webAddress('shop.example:8443/desk')).toBe('https://shop.example:8443/desk');
  expect(webAddress('магазин.example')).toBe('https://xn--80aairftm.example/');
  for (const wrong of [
    '',
    'desk',
    'http://shop.example',
    'data:text/html,x',
    'https://a:b@shop.example',
    'mailto:a@b.example',
  ])
    expect([wrong, webAddress(wrong)]).toEqual([wrong, null]);
});
