// A test on real servers or in a browser can be red because a busy machine gave it no time, or because of a race that shows once in hundred runs. Both are faults
// to look for, but neither says that the change under test broke something: what is red twice does. So a few red files are tried once more, alone, and whoever
// reads the end of the run is told their names. Unit and contract tests have no such excuse.
import { readFile } from 'node:fs/promises';

/** More than this is no accident. */
const AT_MOST = 3;

/** What is read of the report that jest writes with `--json --outputFile`. */
export interface Report {
  testResults: { name: string; status: string }[];
}

/** The files to try again; none where the run itself broke, or too much is red. */
export function forSecondTry(report: Report | undefined): string[] {
  const red = (report?.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);
  return red.length > AT_MOST ? [] : red;
}

/** `undefined` where jest ended before it wrote one. */
export async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
