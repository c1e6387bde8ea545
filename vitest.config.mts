import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Data sets of the place where we develop, which nothing but tests knows. Programs that tests start inherit it.
const sharedData = fileURLToPath(new URL('../shared/data', import.meta.url));
if (!process.env.XNORLAB_DATA && existsSync(sharedData)) process.env.XNORLAB_DATA = sharedData;

// Tests are of what reads files, not of what an earlier run has kept of them; those of the cache turn it on.
process.env.XNORLAB_CACHE ??= 'off';

/**
 * unit: everything that needs only Node; the inner loop.
 * redis: many machines, as processes on a Redis of their own; skipped, aloud, where there is no redis-server.
 * accuracy: real training on real data against published or measured numbers; minutes.
 * package: what `npm pack` makes, installed in empty folders as anyone would; needs the registry of npm.
 * documents: runs what README and docs say, as scripts, in the shell and in cells; needs `npm run setup` first.
 * jupyter: drives real Jupyter clients, kernels and a real browser; needs `npm run setup` first.
 */
export default defineConfig({
  test: {
    // Vitest itself leaves one processor free, which is half of two.
    maxWorkers: '100%',
    projects: [
      {
        // Examples and studies are written for the package, and held against the sources.
        resolve: { alias: [{ find: /^xnorlab$/, replacement: path.resolve('src/index.ts') }] },
        test: {
          name: 'unit',
          setupFiles: ['test/properties.ts', 'test/equality.ts', 'test/fresh.ts'],
          isolate: false,
          include: ['test/**/*.test.ts', 'notebooks/*/*.test.ts'],
          exclude: [
            'test/documents/**',
            'test/jupyter/**',
            'test/accuracy/**',
            'test/node/queue/redis/**',
            'test/package/**',
          ],
          // Ends what hangs. The slowest takes seconds, and several times as long on a busy machine.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'redis',
          include: ['test/node/queue/redis/**/*.test.ts'],
          testTimeout: 5 * 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'accuracy',
          include: ['test/accuracy/**/*.test.ts'],
          testTimeout: 15 * 60_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['test/package/tarball.ts'],
          testTimeout: 5 * 60_000,
          hookTimeout: 5 * 60_000,
        },
      },
      {
        test: {
          name: 'documents',
          include: ['test/documents/**/*.test.ts'],
          testTimeout: 5 * 60_000,
          hookTimeout: 5 * 60_000,
        },
      },
      {
        test: {
          name: 'jupyter',
          include: ['test/jupyter/**/*.test.ts'],
          testTimeout: 5 * 60_000,
          hookTimeout: 5 * 60_000,
          // Programs of others run here, on machines that are shared; a failure of theirs is not repeated twice.
          retry: 1,
        },
      },
    ],
  },
});
