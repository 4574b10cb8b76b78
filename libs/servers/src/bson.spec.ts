import { expect, test } from '@jest/globals';
import { decodeBson, encodeBson } from './bson.ts';

test('a command comes back as it was sent', () => {
  const command = {
    text: 'Привет 👋',
    small: 7,
    big: 2n ** 40n,
    yes: true,
    nested: { list: ['a', 1, { deep: false }] },
    id: { objectId: Buffer.from('0123456789ab') },
  };
  expect(decodeBson(encodeBson(command))).toEqual(command);
});

test('what mongod has no place for is refused before it is sent', () => {
  expect(() => encodeBson({ half: 0.5 })).toThrow('cannot send the value 0.5');
});
