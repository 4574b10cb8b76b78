import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { campaignOf, publicAddress } from './pages.ts';

test('of an address only the campaign stays: no token, no session, no e-mail, no fragment, no password', () => {
  expect(
    publicAddress(
      'https://anna:pass@shop.example.com/lamps?utm_source=ads&token=s3cret&utm_campaign=%D0%BB%D0%B5%D1%82%D0%BE&email=a%40b.example&gclid=Cj0#access_token=1',
    ),
  ).toBe('https://shop.example.com/lamps?utm_source=ads&utm_campaign=%D0%BB%D0%B5%D1%82%D0%BE&gclid=Cj0');
  expect(publicAddress('https://shop.example.com/lamps')).toBe('https://shop.example.com/lamps');
});

test('what is no page of the web is no address', () => {
  for (const odd of ['', 'lamps', 'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://'])
    expect(publicAddress(odd)).toBeUndefined();
});

test('whatever stands in a query under another name never gets through', () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcutm_[]%'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(name, (key) => {
      fc.pre(!/^utm_(source|medium|campaign|term|content|id)$/.test(key));
      const url = new URL('https://shop.example.com/reset');
      url.searchParams.append(key, 'S3CRET');
      expect(publicAddress(url.href)).toBe('https://shop.example.com/reset');
    }),
  );
});

test('a campaign parameter that holds an address of a person, or something endless, is left out', () => {
  expect(publicAddress('https://a.example/?utm_source=anna@b.example')).toBe('https://a.example/');
  expect(publicAddress(`https://a.example/?utm_term=${'x'.repeat(201)}`)).toBe('https://a.example/');
  expect(campaignOf('https://a.example/?utm_campaign=anna@b.example', undefined)).toEqual({});
});

test('a campaign is read from the first page, else the source is the page before it', () => {
  expect(
    campaignOf('https://a.example/?utm_source=ads&utm_medium=cpc&utm_campaign=лето', 'https://b.example/x'),
  ).toEqual({
    source: 'ads',
    medium: 'cpc',
    campaign: 'лето',
  });
  expect(campaignOf('https://a.example/', 'https://search.example/?q=secret+words')).toEqual({
    source: 'search.example',
  });
  expect(campaignOf('https://a.example/2', 'https://a.example/1')).toEqual({});
});
