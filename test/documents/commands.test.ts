import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { type Command, commands, PAGES, snippets } from './pages.js';

const ROOT = path.resolve(__dirname, '..', '..');

/** What becomes of fenced code of each language. */
const KINDS: Readonly<Record<string, string>> = {
  ts: 'scripts.test.ts and cells.test.ts run it; with a file name it is kept in that file, and run-commands.test.ts runs that',
  sh: 'this test reads its commands',
  yaml: 'sweeps: test/training/sweep/schema.test.ts expands them',
  python:
    'test/node/models/export-documented.test.ts and test/node/store/runs-documented.test.ts run it, where a Python has what it imports',
  c: 'test/node/models/export-documented.test.ts compiles and runs it, where there is a gcc',
  json: 'docs/model-file.md: outlines of headers, with `…`; test/node/models/model-file-layout.test.ts reads real ones as the page says',
  '': 'trees of files, no code',
};

/** Programs of others, in shell blocks. */
const NOT_OURS = ['redis-server'];

const all = PAGES.flatMap(commands);
const ofXnorlab = all.filter(({ line }) => /^(npx )?xnorlab /.test(line));
const ofNpm = all.filter(({ line }) => line.startsWith('npm '));

/** Reads a command line as the program does, without doing what it says. @throws CommanderError where it does not hold */
async function readAsTheProgram(line: string): Promise<void> {
  const words = line.replace(/^npx /, '').split(/\s+/).slice(1);
  const program = await createProgram(words);
  let isReached = false;
  const visit = (command: CommandUnknownOpts): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.action(() => {
      isReached = true;
    });
    for (const each of command.commands) visit(each);
  };
  for (const each of program.commands) visit(each);
  await program.parseAsync(words, { from: 'user' });
  if (!isReached) throw new Error(`${line} names no command`);
}

const titled = (list: readonly Command[]): [string, Command][] =>
  list.map((command) => [`${command.page}: ${command.line}`, command]);

describe('code in documents', () => {
  it('is of a kind that a test knows', () => {
    const unknown = PAGES.flatMap(snippets).filter(({ language }) => !(language in KINDS));
    expect(unknown.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });

  it('is found: pages, commands, snippets', () => {
    expect(ofXnorlab.length).toBeGreaterThan(40);
    expect(ofNpm.length).toBeGreaterThan(10);
    expect(PAGES.flatMap(snippets).length).toBeGreaterThan(25);
  });
});

describe('command lines in documents', () => {
  it.each(titled(ofXnorlab))('%s', (_, { line }) => readAsTheProgram(line));

  it.each(titled(ofNpm))('%s', (_, { page, line }) => {
    const [, verb, name] = line.split(/\s+/);
    const folder = page.startsWith('templates/') ? path.dirname(page) : '.';
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    if (verb === 'run') expect(Object.keys(scripts)).toContain(name);
    else if (verb === 'start' || verb === 'test') expect(Object.keys(scripts)).toContain(verb);
    else expect(['install', 'ci', 'publish', 'ping', 'warn']).toContain(verb);
  });

  it('of shell blocks are all read', () => {
    const others = all.filter((each) => !ofXnorlab.includes(each) && !ofNpm.includes(each));
    expect(others.filter(({ line }) => !NOT_OURS.includes(line.split(' ')[0]))).toEqual([]);
  });

  it('that do not hold would be seen', async () => {
    await expect(readAsTheProgram('npx xnorlab sweep FILE --stroe DIR')).rejects.toThrow(
      "unknown option '--stroe'",
    );
    await expect(readAsTheProgram('xnorlab sweeep FILE')).rejects.toThrow('unknown command');
    await expect(readAsTheProgram('xnorlab sweep')).rejects.toThrow('missing required argument');
  });
});
