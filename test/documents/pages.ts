import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..', '..');

/** What users read, from the root of this checkout: every snippet and command in these pages is tried. */
export const PAGES: readonly string[] = [
  'README.md',
  'environment.md',
  'CONTRIBUTING.md',
  'data/README.md',
  'templates/project/README.md',
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A block of code in a page. */
export interface Snippet {
  readonly page: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** Heading that it stands under, without `#`. */
  readonly section: string;
  /** First word after the fence; empty for what is no code: trees of files. */
  readonly language: string;
  /** Second word after the fence: the file that the code is to be kept in. Without it TypeScript is for a cell or a script. */
  readonly file: string | undefined;
  readonly code: string;
}

/** The text of a page. */
export function pageText(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8');
}

/** All fenced blocks of a page, in order. */
export function snippets(page: string): Snippet[] {
  const found: Snippet[] = [];
  let section = '';
  let open: { info: string; line: number; code: string[] } | undefined;
  pageText(page)
    .split('\n')
    .forEach((text, i) => {
      const fence = /^\s*```(.*)$/.exec(text);
      if (open === undefined) {
        if (fence) open = { info: fence[1].trim(), line: i + 2, code: [] };
        section = /^#+ (.*)$/.exec(text)?.[1] ?? section;
      } else if (fence) {
        const [language, file] = open.info.split(' ');
        const code = open.code.map((line) => `${line}\n`).join('');
        found.push({ page, line: open.line, section, language, file, code });
        open = undefined;
      } else open.code.push(text);
    });
  return found;
}

/** The code of a page in one language, under one heading, in order; all headings by default. */
export function codeOf(page: string, language: string, section?: string): string[] {
  return snippets(page)
    .filter((each) => each.language === language && (section === undefined || each.section === section))
    .map(({ code }) => code);
}

/** The TypeScript of a page that is typed in, in order: into cells of a notebook or into one script. */
export function typedIn(page: string): string[] {
  return snippets(page)
    .filter(({ language, file }) => language === 'ts' && file === undefined)
    .map(({ code }) => code);
}

/** Pages with TypeScript that is typed in. */
export const PAGES_WITH_CODE: readonly string[] = PAGES.filter((page) => typedIn(page).length > 0);

const LEFT: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['results/group-sizes/store.sqlite'],
  'docs/export.md': ['net.npz', 'net.h'],
  'docs/figures.md': [
    ...['html', 'json', 'svg', 'pdf'].map((format) => `results/margins/map.${format}`),
    ...['tex', 'md', 'csv'].map((format) => `results/margins/accuracy.${format}`),
    'results/margins/both.json',
  ],
  'docs/runs.md': ['results/exported/runs.parquet'],
  'docs/sweeps.md': ['results/group-sizes/store.sqlite'],
};

/** The files that the TypeScript of a page leaves where it runs. @throws Error for a page of which that is not said above */
export function leftBy(page: string): readonly string[] {
  const files = LEFT[page];
  if (files === undefined) throw new Error(`say in ${path.basename(__filename)} what ${page} leaves`);
  return files;
}

/** A command line in a page. */
export interface Command {
  readonly page: string;
  /** `npx xnorlab study margins --run`: without comments, `…` and what the shell does with the output. */
  readonly line: string;
}

/**
 * The command lines of a page: lines of shell blocks, and code in the text that begins with a program's name and has a word after it.
 * `a|b` is two of them, `[a]` one with a.
 */
export function commands(page: string): Command[] {
  const blocks = codeOf(page, 'sh').flatMap((code) => code.split('\n'));
  const prose = pageText(page).replaceAll(/^\s*```[\s\S]*?^\s*```$/gm, '');
  const inline = [...prose.matchAll(/`((?:npx xnorlab|xnorlab|npm) [^`]*)`/g)].map(([, text]) => text);
  const lines = [...blocks, ...inline]
    .map((text) => text.replace(/\s+#.*$/, '').replace(/\s+>.*$/, ''))
    .map((text) => text.replaceAll('\\|', '|').replaceAll(/[[\]]/g, '').replaceAll(/ …/g, '').trim())
    .filter((text) => text !== '' && !text.startsWith('#'));
  return lines.flatMap(alternatives).map((line) => ({ page, line }));
}

/** The command lines of all pages that are for xnorlab, each once. */
export function xnorlabCommands(): Command[] {
  const all = PAGES.flatMap(commands).filter(({ line }) => /^(npx )?xnorlab /.test(line));
  return [...new Map(all.map((command) => [wordsOf(command).join(' '), command])).values()];
}

/** The words after the program's name. */
export function wordsOf({ line }: Command): string[] {
  return line.replace(/^npx /, '').split(/\s+/).slice(1);
}

function alternatives(line: string): string[] {
  const found = /(\S+)\|(\S+)/.exec(line);
  if (!found) return [line];
  const [both, first, second] = found;
  return [first, second].map((one) => line.replace(both, one));
}
