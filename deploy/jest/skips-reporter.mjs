// jest reporter: names every test that was skipped, and with CI=true fails the run for it.
// A test left out by its name (`-t`) was left out on purpose and does not count.

/** @implements {Pick<import('@jest/reporters').Reporter, 'onRunComplete' | 'getLastError'>} */
export default class SkipsReporter {
  /** @type {string[]} */
  #skipped = [];
  #byName;

  /** @param {import('@jest/types').Config.GlobalConfig} globalConfig */
  constructor(globalConfig) {
    this.#byName = Boolean(globalConfig.testNamePattern);
  }

  /**
   * @param {unknown} _contexts
   * @param {import('@jest/test-result').AggregatedResult} results
   */
  onRunComplete(_contexts, results) {
    if (this.#byName) return;
    for (const { testFilePath, testResults } of results.testResults) {
      for (const { status, fullName } of testResults) {
        if (status === 'pending' || status === 'todo') this.#skipped.push(`${fullName} (${testFilePath})`);
      }
    }
    for (const skipped of this.#skipped) process.stderr.write(`skipped: ${skipped}\n`);
  }

  getLastError() {
    if (this.#skipped.length > 0 && process.env.CI === 'true') {
      return new Error(`${this.#skipped.length} tests were skipped, which fails a run with CI=true`);
    }
    return undefined;
  }
}
