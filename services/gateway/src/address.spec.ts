import { expect, test } from '@jest/globals';
import { addressOf } from './address.ts';

const from = (remoteAddress: string | undefined, forwarded?: string) =>
  ({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }) as never;

test('without a trusted proxy nobody can say by a header where he comes from', () => {
  expect(addressOf(from('192.0.2.7', '203.0.113.9'), 0)).toBe('192.0.2.7');
});

test('behind trusted proxies the entry that the first of them added counts, not what a client put before it', () => {
  expect(addressOf(from('10.0.0.1', '6.6.6.6, 203.0.113.9'), 1)).toBe('203.0.113.9');
  expect(addressOf(from('10.0.0.1', '6.6.6.6, 203.0.113.9 , 10.0.0.2'), 2)).toBe('203.0.113.9');
});

test('a proxy that adds nothing, or an empty header, leaves the address of the socket', () => {
  expect(addressOf(from('10.0.0.1'), 1)).toBe('10.0.0.1');
  expect(addressOf(from('10.0.0.1', ' , '), 1)).toBe('10.0.0.1');
  expect(addressOf(from('10.0.0.1', '203.0.113.9'), 2)).toBe('10.0.0.1');
  expect(addressOf(from(undefined), 0)).toBe('unknown');
});

test('all addresses of one IPv6 network count as one, those of the next do not', () => {
  const of = (address: string) => addressOf(from(address), 0);
  expect(of('2001:db8:1:2::1')).toBe('2001:db8:1:2::/64');
  expect(of('2001:0DB8:1:2:ffff:eeee:1:9')).toBe('2001:db8:1:2::/64');
  expect(of('2001:db8:1:3::1')).not.toBe(of('2001:db8:1:2::1'));
  expect(of('::1')).toBe('0:0:0:0::/64');
  expect(of('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(of('64:ff9b::192.0.2.33')).toBe('64:ff9b:0:0::/64');
});

test('an IPv4 address in IPv6 dress is the same as without', () => {
  expect(addressOf(from('::ffff:192.0.2.7'), 0)).toBe('192.0.2.7');
});
