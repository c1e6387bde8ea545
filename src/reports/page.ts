import type { FormattedTable } from '../tables/formatted-table.js';
import { commandsOf, type Report } from './report.js';

/** The tables of a report as a page of Markdown, with the commands that make them. The same for the same tables. */
export function reportPage(report: Report, tables: Readonly<Record<string, FormattedTable>>): string {
  const { name, title, description } = report;
  const parts = [
    `# ${title}\n`,
    `${description}\n`,
    `\`\`\`\n${commandsOf(report).join('\n')}\n\`\`\`\n`,
    `\`npx xnorlab table ${name}\` makes the tables again from the stored rows, without training.\n`,
    ...Object.values(tables).map((table) => table.toMarkdown()),
  ];
  return parts.join('\n');
}
