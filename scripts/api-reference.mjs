/**
 * `node scripts/api-reference.mjs FOLDER`: the reference of everything that the package's entries export, as static pages with a
 * search that ask nothing of a network. Part of `xnorlab site`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, JSX, PageEvent } from 'typedoc';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = process.argv[2];
if (target === undefined) throw new Error('FOLDER is missing');

/** Sources of the entries by the name under which they are imported. What several have is documented with the first: the whole is last. */
const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const entries = new Map();
for (const [name, { types }] of Object.entries(exports).sort(([a], [b]) => b.length - a.length)) {
  if (types)
    entries.set(types.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts'), path.posix.join('xnorlab', name));
}
const application = await Application.bootstrap({
  name: 'xnorlab',
  entryPoints: [...entries.keys()].map((source) => path.join(root, source)),
  tsconfig: path.join(root, 'tsconfig.json'),
  readme: 'none',
  // Addresses of sources would lead to another host.
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  excludeExternals: true,
  githubPages: false,
  hideGenerator: true,
  navigation: { includeFolders: false },
  sortEntryPoints: false,
  skipErrorChecking: true,
  validation: { notExported: false, invalidLink: false, rewrittenLink: false },
  logLevel: 'Error',
});
const project = await application.convert();
if (project === undefined) process.exit(1);
for (const module of project.children ?? []) {
  const name = entries.get(`src/${module.name}.ts`) ?? entries.get(`src/${module.name}/index.ts`);
  if (name === undefined) throw new Error(`${module.name} is no entry of package.json`);
  module.name = name;
}
project.children?.sort((a, b) => (a.name < b.name ? -1 : 1));
application.renderer.hooks.on('content.begin', (context) =>
  JSX.createElement('a', { href: context.relativeURL('../index.html') }, '← All pages'),
);
// The icons are on the page, too; from a file of its own a browser takes none where the pages are files.
application.renderer.on(PageEvent.END, (page) => {
  page.contents = page.contents?.replaceAll(/(<use href=")[^"]*(#icon-)/g, '$1$2');
});
await application.generateDocs(project, target);
if (application.logger.hasErrors()) process.exit(1);
