// npm run audit, and a part of npm run verify: known faults in what is shipped, as the registry knows them. High and critical ones fail.
// A registry that does not answer, or keeps no such list, is said plainly and fails nothing: it says nothing about this code, and a mirror need not keep one.
//   npm run audit -- --required     before a release: what nobody could look up fails, too
import { spawnSync } from 'node:child_process';
import { ROOT } from '../run-node.ts';

export interface Verdict {
  failed: boolean;
  words: string;
}

interface Report {
  auditReportVersion?: number;
  message?: string;
  error?: { summary?: string; code?: string };
  vulnerabilities?: Record<string, { severity: string; name: string }>;
}

/**
 * @param output what `npm audit --json` wrote
 * @param required no report is a failure
 */
export function verdict(output: string, required = false): Verdict {
  let report: Report;
  try {
    report = JSON.parse(output) as Report;
  } catch {
    return { failed: required, words: 'NOT AUDITED: npm gave no report.' };
  }
  if (report.auditReportVersion === undefined || !report.vulnerabilities)
    return {
      failed: required,
      words: `NOT AUDITED: the registry keeps no list of faults, or cannot be reached (${reason(report)}).`,
    };
  const all = Object.values(report.vulnerabilities);
  const grave = all.filter(({ severity }) => severity === 'high' || severity === 'critical');
  if (grave.length === 0) return { failed: false, words: `No grave fault is known; ${all.length} lesser ones.` };
  return {
    failed: true,
    words: `Grave faults are known in ${grave.map(({ name, severity }) => `${name} (${severity})`).join(', ')}: run npm audit.`,
  };
}

/** Without the address: whose registry it is, is nobody's business. */
const reason = ({ error, message }: Report): string =>
  (message ?? error?.summary ?? error?.code ?? 'no reason given').replace(/ ?- [A-Z]+ \S+$/, '');

if (import.meta.main) {
  const { stdout } = spawnSync('npm', ['audit', '--json', '--omit=dev', '--fetch-retries=0', '--fetch-timeout=20000'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    timeout: 60_000,
  });
  const { failed, words } = verdict(stdout ?? '', process.argv.includes('--required'));
  process.stderr.write(`${words}\n`);
  process.exitCode = failed ? 1 : 0;
}
