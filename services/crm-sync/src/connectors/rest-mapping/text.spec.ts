import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeText, encodeText, roomFor, type TextFormat } from './text.ts';

const FORMATS: TextFormat[] = ['plain', 'html', 'markdown', 'bbcode'];
const SAID = [
  'цена a<b и c>d <script>alert(1)</script> & &amp; &#60;',
  'one\ntwo\n\n    indented  \n- no list\n1. neither\n# nor a heading\n> nor a quotation',
  '*bold* _not_ `code` [x](http://a.example/b_c*d) \\* | ~~no~~ ![i](y)',
  'https://shop.example.com/open/a_b-c?x=1 and https://shop.example.com/?a=1&b=<2>',
  '[continuo abcdefghijklmnopqrstuv part 1]',
  '[b]x[/b] [USER=1]y[/USER] [*] [\u2060b] [[\u2060\u2060/url]',
];

test.each(FORMATS)('what was said comes back from %s as it was said', (format) => {
  for (const said of SAID) expect(decodeText(encodeText(said, format), format)).toBe(said);
  const alphabet = fc.constantFrom(
    ...'ab1 .<>&"\'*_`[]()\\#-+=!|~\n\t:/;?'.split(''),
    'https://a.b/',
    '&lt;',
    '\u2060',
    '<br/>',
    '🎧',
  );
  fc.assert(
    fc.property(
      fc.array(alphabet).map((parts) => parts.join('')),
      (said) => {
        expect(decodeText(encodeText(said, format), format)).toBe(said);
      },
    ),
  );
});

test('a visitor writes no mark-up', () => {
  expect(encodeText('<b>x</b>\n& y', 'html')).toBe('&lt;b&gt;x&lt;/b&gt;<br/>&amp; y');
  expect(encodeText('*x* <b>\n    y', 'markdown')).toBe('\\*x\\* \\<b\\>  \n&#32;   y');
});

test('an address stays one that can be clicked', () => {
  expect(encodeText('see https://a.example/b_c', 'html')).toBe(
    'see <a href="https://a.example/b_c">https://a.example/b_c</a>',
  );
  expect(encodeText('see https://a.example/b_c', 'markdown')).toBe('see https://a.example/b_c');
});

test('mark-up as a CRM puts it around is read', () => {
  expect(decodeText('<p>one<br>two &lt;3&#33;</p><p>three</p>', 'html')).toBe('one\ntwo <3!\nthree');
});

test.each(FORMATS)('however much is escaped in %s, a note keeps within the limit', (format) => {
  const limit = 10_000;
  for (const worst of ['[a', '[/', '&', '<', '\n', '\n ', '*', 'http://a ', ' ', '\n\t'])
    expect(encodeText(worst.repeat(limit).slice(0, roomFor(limit, format)), format).length).toBeLessThanOrEqual(limit);
});
