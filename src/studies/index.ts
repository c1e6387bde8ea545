/** What a study is. */

export type { StudyTables } from './page.js';
export type { Study, StudyPart } from './study.js';
export { studyRows } from './study-rows.js';
