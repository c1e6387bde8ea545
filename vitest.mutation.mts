import { defineConfig } from 'vitest/config';

/** The tests that the deliberate errors of stryker.config.mjs are tried on. */
export default defineConfig({
  test: {
    include: [
      'test/{rules,layers}/**/*.test.ts',
      'test/kernels/{reference,reference-backward,geometric-gaps,lists}.test.ts',
    ],
    testTimeout: 120_000,
  },
});
