import { afterAll, vi } from 'vitest';

/**
 * Test files share processes, as starting one takes longer than most of them. What a file left in modules (rules that it
 * registered, what was cached), in the environment and in spies is gone before the next: each gets modules of its own.
 */
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.resetModules();
});
