import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { safeName } from './file-name.ts';

const pdf = { endings: ['pdf'] } as const;
const text = { endings: ['txt', 'csv'] } as const;

test('a name that does no harm stays as it is', () => {
  for (const name of ['floor plan.pdf', 'План этажа.PDF', '間取り図.pdf', 'مخطط.pdf'])
    expect(safeName(name, pdf)).toBe(name.replace('.PDF', '.pdf'));
});

test('names that are attacks become names', () => {
  const attacks: [string, string][] = [
    ['../../etc/passwd', 'passwd.pdf'],
    ['C:\\Windows\\system32\\evil.exe', 'evil.exe.pdf'],
    ['/', 'file.pdf'],
    ['', 'file.pdf'],
    ['...', 'file.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['plan\u0000.pdf\u0000.exe', 'plan.pdf.exe.pdf'],
    // Shown from right to left it would read “invoicexe.pdf”.
    ['invoice\u202efdp.exe', 'invoicefdp.exe.pdf'],
    ['a\r\nContent-Type: text\r\n.pdf', 'aContent-Type_ text.pdf'],
    ['a"; filename="b.exe', 'a_; filename=_b.exe.pdf'],
    ['<img src=x onerror=alert(1)>.pdf', '_img src=x onerror=alert(1)_.pdf'],
    ['nul.pdf', '_nul.pdf'],
    ['\ud800.pdf', '\ufffd.pdf'],
    ['\u200b\u2060.pdf', 'pdf.pdf'],
  ];
  for (const [given, kept] of attacks) expect([given, safeName(given, pdf)]).toEqual([given, kept]);
});

test('the ending tells the nature: a page, a drawing or a script is text like any other', () => {
  for (const name of ['page.html', 'drawing.svg', 'run.bat', 'a.txt.js'])
    expect(safeName(name, text)).toBe(`${name}.txt`);
  expect(safeName('table.CSV', text)).toBe('table.csv');
});

test('whatever the name, what is kept is one short line with its ending', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
      const name = safeName(given, pdf);
      expect(name).toMatch(/^[^/\\\p{Cc}\p{Cf}<>:"|?*]+\.pdf$/u);
      expect(name.length).toBeLessThanOrEqual(120);
      expect(name.isWellFormed()).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(safeName(`${'я'.repeat(300)}.pdf`, pdf)).toBe(`${'я'.repeat(116)}.pdf`);
  expect(safeName(`${'😀'.repeat(300)}.pdf`, pdf)).toBe(`${'😀'.repeat(58)}.pdf`);
});
