// jest on native ESM: TypeScript is only stripped, so what a test runs is the source itself, line for line.
// One project per kind of test: `unit` and `contract` need no server, `int` and `e2e` start real ones.
const BUILT = '<rootDir>/(.*/)?(dist|\\.data|\\.cache|\\.nx)/';
const OTHER_KINDS = '\\.(contract|int|e2e|containers)\\.spec\\.ts$';
const OWNER = '<rootDir>/deploy/jest/run-owner.mjs';

export default {
  // Patience with a slow machine: what a test waits for has a patience of its own.
  testTimeout: 240_000,
  reporters: ['default', '<rootDir>/deploy/jest/skips-reporter.mjs'],
  projects: [
    project('unit', '**/*.spec.ts', OTHER_KINDS),
    project('contract', '**/*.contract.spec.ts'),
    { ...project('int', '**/*.int.spec.ts'), globalSetup: OWNER },
    { ...project('e2e', '**/*.e2e.spec.ts'), globalSetup: OWNER },
    // By `npm run test:containers` alone.
    { ...project('containers', '**/*.containers.spec.ts'), globalSetup: OWNER },
  ],
};

/**
 * @param {string} displayName
 * @param {string} files
 * @param {string[]} except
 */
function project(displayName, files, ...except) {
  return {
    displayName,
    testMatch: [files],
    testPathIgnorePatterns: ['/node_modules/', BUILT, ...except],
    modulePathIgnorePatterns: [BUILT],
    testEnvironment: 'node',
    extensionsToTreatAsEsm: ['.ts'],
    transform: { '\\.ts$': '<rootDir>/deploy/jest/strip-types.mjs' },
  };
}
