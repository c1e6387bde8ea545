import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Batches worked out by hand come first: they take milliseconds and see most errors, and the first failure ends a trial. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isQuick = ({ moduleId }: TestSpecification): boolean =>
      /one-batch|two-layers|reading-copy|bookkeeping|narrow-gate|group-schedule|optimizer|step\.test/.test(
        moduleId,
      );
    return [...files].sort((a, b) => Number(isQuick(b)) - Number(isQuick(a)));
  }
}

/** The tests that the deliberate errors of stryker.config.mjs are tried on. */
export default defineConfig({
  test: {
    setupFiles: ['test/properties.ts'],
    include: [
      'test/{rules,layers}/**/*.test.ts',
      'test/models/network.test.ts',
      'test/kernels/{reference,reference-backward,reference-edges,geometric-gaps,lists}.test.ts',
    ],
    testTimeout: 120_000,
    pool: 'threads',
    maxWorkers: 1,
    sequence: { sequencer: QuickestFirst },
  },
});
