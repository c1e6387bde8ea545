import type { FormattedTable } from '../tables/formatted-table.js';
import type { Study } from './study.js';

/** Tables by name, by the name of their part. A part that is missing has no rows yet. */
export type StudyTables = Readonly<Record<string, Readonly<Record<string, FormattedTable>>>>;

/** The tables of a study as a page of Markdown, with the commands that make them. The same for the same tables. */
export function studyPage(name: string, study: Study, tables: StudyTables): string {
  const shown = Object.entries(study.parts).filter(([part]) => part in tables);
  const sections = shown.flatMap(([part, { title, description }]) => [
    ...(title ? [`## ${title}\n`] : []),
    ...(description ? [`${description}\n`] : []),
    ...Object.values(tables[part]).map((table) => table.toMarkdown()),
  ]);
  return [
    `# ${study.title}\n`,
    ...(study.main && study.main.part in tables ? [`![${study.main.figure}](RESULTS.svg)\n`] : []),
    `${study.description}\n`,
    `\`\`\`\nnpx xnorlab study ${name} --run --keep\n\`\`\`\n`,
    `\`npx xnorlab study ${name}\` makes tables and figures again from the rows that are kept, without training.\n`,
    ...sections,
  ].join('\n');
}
