import { expect, test } from '@jest/globals';
import { isPicture, natureOf } from './nature.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (digits: string): Uint8Array => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const typeOf = async (content: Uint8Array): Promise<string> => (await natureOf(content))?.type ?? 'refused';

const PNG = hex(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6360000002000100ffff03000006000557bfabd40000000049454e44ae426082',
);

test('pictures and documents are known by their content', async () => {
  expect(await typeOf(PNG)).toBe('image/png');
  expect(await typeOf(hex('ffd8ffe000104a46494600010100000100010000ffdb'))).toBe('image/jpeg');
  expect(await typeOf(bytes('%PDF-1.7\n%âãÏÓ\n'))).toBe('application/pdf');
  expect(await typeOf(bytes('GIF89a\u0001\u0000\u0001\u0000'))).toBe('image/gif');
  expect(await typeOf(bytes('Артикул;Цена\nÅre 160;890\n'))).toBe('text/plain');
});

test('a page, a drawing and a script are text: they are never shown, only saved', async () => {
  for (const text of [
    '<!doctype html><script>alert(1)</script>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '#!/bin/sh\nrm -rf /\n',
  ])
    expect([text, await typeOf(bytes(text)), isPicture('text/plain')]).toEqual([text, 'text/plain', false]);
  expect(isPicture('image/svg+xml')).toBe(false);
});

test('programs and what nobody knows are refused', async () => {
  for (const content of [
    hex('7f454c4602010100000000000000000002003e0001000000'),
    hex('4d5a90000300000004000000ffff0000b800000000000000'),
    hex('cafebabe0000003400'),
    hex('00010203040506070809'),
    bytes('a\u0000b'),
  ])
    expect(await typeOf(content)).toBe('refused');
});

test('a letter that is cut by the end of what was read does not make text binary', async () => {
  expect(await typeOf(bytes('план').slice(0, -1))).toBe('text/plain');
});
