/**
 * Mutation testing: deliberate errors, one at a time, each of which should make a test fail. `npm run mutate -- FILES`, a path,
 * a quoted glob or several with commas between them: minutes for each file. No part of `npm test`. Errors that survived
 * are printed, and all are in build/mutation.json.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.mts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  mutator: { excludedMutations: ['StringLiteral'] },
  // What runs once, as a module is loaded (the schemas), would need all tests anew for each error.
  ignoreStatic: true,
  ignorePatterns: ['dist-bench', 'notebooks', 'configs', 'data', 'results', '.venv', '.jupyter'],
  tempDirName: 'build/mutation',
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  jsonReporter: { fileName: 'build/mutation.json' },
  concurrency: 2,
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 30,
};
