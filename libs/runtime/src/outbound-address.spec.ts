import { expect, test } from '@jest/globals';
import { outboundPolicy } from './outbound-address.ts';

const REFUSED = [
  ['127.0.0.1', '127.255.255.254', '0.0.0.0', '::1', '::'],
  ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fc00::1', 'fd12:3456::1', 'fec0::1'],
  ['169.254.169.254', '169.254.170.2', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', '100.100.100.200'],
  // What clouds answer their machines at: Azure, Oracle, Tencent, Alibaba's names, Google, AWS's clock.
  ['168.63.129.16', '192.0.0.192', '169.254.0.23', '100.100.2.136', 'fd20:ce::254', 'fd00:ec2::123'],
  ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
  ['2002:7f00:1::', '2001:0:4136:e378::1', '2001:db8::1', '224.0.0.1', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  ['localhost', '', 'example.org', '127.1', '0x7f000001'],
].flat();

test('what leads into the network of the installation is refused, however it is written', () => {
  const policy = outboundPolicy('');
  expect(REFUSED.filter((address) => policy(address, 443))).toEqual([]);
});

test('what stands on the Internet is allowed', () => {
  const policy = outboundPolicy('');
  for (const address of [
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.1.1',
    '223.255.255.254',
    '2606:4700::1111',
    '168.63.129.15',
  ])
    expect(policy(address, 443)).toBe(true);
});

test('the operator opens addresses and networks, port by port or with all ports', () => {
  const policy = outboundPolicy(' 127.0.0.1:* , 10.1.0.0/16:443,[::1]:8000,[fd00::/8]:443 ');
  for (const [address, port] of [
    ['127.0.0.1', 1],
    ['10.1.255.1', 443],
    ['::1', 8000],
    ['fd12::1', 443],
  ] as const)
    expect(policy(address, port)).toBe(true);
  for (const [address, port] of [
    ['127.0.0.2', 1],
    ['10.1.255.1', 80],
    ['10.2.0.1', 443],
    ['::1', 8001],
    ['fc00::1', 443],
    ['fd12::1%eth0', 443],
    ['169.254.169.254', 443],
  ] as const)
    expect(policy(address, port)).toBe(false);
});

test('an entry that is none is named', () => {
  for (const entry of ['localhost:80', '127.0.0.1', '999.1.1.1:80', '10.0.0.0/8', '*:*', '::1:80'])
    expect(() => outboundPolicy(`10.0.0.0/8:443,${entry}`)).toThrow(`“${entry}”`);
});
