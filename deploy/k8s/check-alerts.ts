// Has promtool judge the alert rules and play their cases: what fires when, for whom, with which words. promtool comes with Prometheus; where there is none
// it says so in one sentence.
//   npm run alerts        PROMTOOL_BIN names one that is not on the PATH
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ROOT } from '../run-node.ts';

const FOLDER = join(ROOT, 'k8s/components/monitoring');
const promtool = process.env['PROMTOOL_BIN'] ?? 'promtool';

if (spawnSync(promtool, ['--version']).status !== 0) {
  console.log(
    'NOT CHECKED: there is no promtool here; it comes with Prometheus (apt-get install prometheus), or set PROMTOOL_BIN.',
  );
} else {
  const folder = mkdtempSync(join(tmpdir(), 'continuo-alerts-'));
  try {
    const rules = parse(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8')).spec;
    writeFileSync(join(folder, 'rules.yaml'), stringify(rules, { lineWidth: 0 }));
    copyFileSync(join(FOLDER, 'alerts.test.yaml'), join(folder, 'cases.yaml'));
    for (const work of [
      ['check', 'rules', 'rules.yaml'],
      ['test', 'rules', 'cases.yaml'],
    ])
      execFileSync(promtool, work, { cwd: folder, stdio: 'inherit' });
  } catch {
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
