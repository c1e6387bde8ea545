import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resultPath } from '../../../src/node/files/folders.js';

describe('results', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(path.join(tmpdir(), 'xnorlab-folders-'));
    vi.stubEnv('XNORLAB_RESULTS', undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    rmSync(project, { recursive: true, force: true });
  });

  /** As if a command was given in this folder of the project. */
  function within(...parts: string[]): void {
    const folder = path.join(project, ...parts);
    mkdirSync(folder, { recursive: true });
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
  }

  it('go to the project of the user, from anywhere in it, and never into an installed package', () => {
    writeFileSync(path.join(project, 'package.json'), '{}');
    within('notebooks', '01-a');
    expect(resultPath('01-a', 'curves')).toBe(path.join(project, 'results', '01-a', 'curves'));
    within('node_modules', 'xnorlab', 'dist');
    writeFileSync(path.join(project, 'node_modules', 'xnorlab', 'package.json'), '{}');
    expect(resultPath()).toBe(path.join(project, 'results'));
  });

  it('go to the working directory where there is no project', () => {
    within('loose');
    expect(resultPath()).toBe(path.join(project, 'loose', 'results'));
  });

  it('go where the environment says', () => {
    writeFileSync(path.join(project, 'package.json'), '{}');
    within();
    vi.stubEnv('XNORLAB_RESULTS', path.join(project, 'elsewhere'));
    expect(resultPath('a')).toBe(path.join(project, 'elsewhere', 'a'));
  });
});
