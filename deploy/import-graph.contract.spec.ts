// Who may import whom, over every source file: layers hold because this fails, not because somebody remembers.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => /^(libs|services|deploy)\//.test(file));
const IMPORT = /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

interface Import {
  file: string;
  /** Path from the root for a relative import, else the package's specifier. */
  to: string;
}
const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)].map((match) => {
    const to = match[1] ?? match[2] ?? (match[3] as string);
    return { file, to: to.startsWith('.') ? join(dirname(file), to) : to };
  }),
);
const isTest = (file: string): boolean => /\.spec\.ts$|\/test\/|^libs\/testing\/|^deploy\/(chaos|faults)\//.test(file);
const product = imports.filter(({ file }) => !isTest(file));
const from = (pattern: RegExp): Import[] => product.filter(({ file }) => pattern.test(file));
const shown = (list: Import[]): string[] => list.map(({ file, to }) => `${file} → ${to}`);

test('the graph is read at all', () => {
  expect(imports.length).toBeGreaterThan(300);
});

test('contracts import zod alone, the transcript contracts alone', () => {
  expect(
    shown(from(/^libs\/contracts\/src\//).filter(({ to }) => !to.startsWith('libs/contracts/') && to !== 'zod')),
  ).toEqual([]);
  expect(
    shown(
      from(/^libs\/transcript\/src\//).filter(
        ({ to }) => !to.startsWith('libs/transcript/') && to !== '@continuo/contracts',
      ),
    ),
  ).toEqual([]);
});

test('what decides is pure: a domain imports itself, contracts, the transcript and zod', () => {
  const allowed = ({ file, to }: Import): boolean =>
    to.includes('/domain/') ||
    to === 'zod' ||
    /^@continuo\/(contracts|transcript)(\/|$)/.test(to) ||
    dirname(file) === dirname(to);
  expect(shown(from(/^services\/[^/]+\/src\/domain\//).filter((one) => !allowed(one)))).toEqual([]);
});

test('a service never imports another one', () => {
  const crossing = from(/^services\//).filter(({ file, to }) => {
    const own = file.split('/')[1];
    const other =
      /^services\/([^/]+)\//.exec(to)?.[1] ??
      /^@continuo\/(gateway|conversation|visitor-tracking|crm-sync|email-fallback)/.exec(to)?.[1];
    return other !== undefined && other !== own;
  });
  expect(shown(crossing)).toEqual([]);
});

test('only the bus speaks to NATS, only the store, services’ own collections and the set-up of the replica set to MongoDB', () => {
  expect(shown(product.filter(({ file, to }) => to.startsWith('@nats-io/') && !file.startsWith('libs/bus/')))).toEqual(
    [],
  );
  expect(
    shown(
      product.filter(
        ({ file, to }) =>
          (to === 'mongodb' && file !== 'deploy/k8s/mongodb-init.ts') ||
          (to === 'mongoose' && !/^(libs\/store|services)\//.test(file)),
      ),
    ),
  ).toEqual([]);
});

test('browser code imports nothing that runs on a server', () => {
  const allowed =
    /^(preact|react|react-dom|libphonenumber-js|@tanstack\/|@continuo\/(contracts|transcript)(\/|$)|virtual:|services\/gateway\/(widget|console)\/)/;
  expect(shown(from(/^services\/gateway\/(widget|console)\/src\//).filter(({ to }) => !allowed.test(to)))).toEqual([]);
});

test('libraries do not know services', () => {
  expect(
    shown(
      from(/^libs\//).filter(
        ({ to }) =>
          to.startsWith('services/') ||
          /^@continuo\/(gateway|conversation|visitor-tracking|crm-sync|email-fallback|deploy)/.test(to),
      ),
    ),
  ).toEqual([]);
});

test('only email-fallback speaks SMTP, and in one file', () => {
  expect([...new Set(product.filter(({ to }) => to === 'nodemailer').map(({ file }) => file))]).toEqual([
    'services/email-fallback/src/smtp.ts',
  ]);
});

test('no file has a name that says nothing', () => {
  const empty = /(^|\/)(utils?|helpers?|common|shared|misc|types|manager)(\.|\/)/;
  expect(files.filter((file) => empty.test(file))).toEqual([]);
});
