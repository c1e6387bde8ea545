import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/node/files/folders.js';
import { REPORTS } from '../../src/reports/catalog.js';
import { reportPage } from '../../src/reports/page.js';
import { loadStoredRows } from '../../src/reports/stored-rows.js';

it.each(REPORTS.map((report) => [report.name, report] as const))(
  'docs/%s.md is what the stored rows say: a page of `npx xnorlab table all`',
  (name, report) => {
    const page = readFileSync(path.join(PACKAGE_ROOT, 'docs', `${name}.md`), 'utf8');
    expect(page).toBe(reportPage(report, report.tables(loadStoredRows(name))));
  },
);
