import { afterEach, describe, expect, it, vi } from 'vitest';
import { notebookMode } from '../../src/notebook/notebook-mode.js';

describe('notebookMode', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is quick unless the environment asks for full', () => {
    vi.stubEnv('XNORLAB_NOTEBOOK_MODE', undefined);
    expect(notebookMode()).toBe('quick');
    vi.stubEnv('XNORLAB_NOTEBOOK_MODE', 'full');
    expect(notebookMode()).toBe('full');
    vi.stubEnv('XNORLAB_NOTEBOOK_MODE', 'fast');
    expect(notebookMode).toThrow("XNORLAB_NOTEBOOK_MODE: expected quick or full, got 'fast'");
  });
});
