import path from 'node:path';
import { z } from 'zod';
import { DataError, XnorlabError } from '../../core/errors.js';
import { parse } from '../../core/parse.js';
import type { Study } from '../../studies/study.js';
import { moduleLoader } from '../files/module-loader.js';
import { findStudy, STUDY_FILE, type StudyPlace } from './find-studies.js';
import { StudyFolder } from './study-folder.js';

/**
 * Opens a study of the user's project: `const study = await openStudy('comparison')`. Its `study.ts` is run anew with
 * each call, so that what was edited counts.
 * @param name - that of its folder under `notebooks/`, with or without the number in front
 * @throws ArgumentError for a name that no study has, and for what is wrong in the study
 * @throws DataError when there are no studies, or the file cannot be loaded
 */
export async function openStudy(name: string): Promise<StudyFolder> {
  return loadStudy(findStudy(name));
}

/** Throws as `openStudy` does. */
export async function loadStudy({ name, folder }: StudyPlace): Promise<StudyFolder> {
  const file = path.join(folder, STUDY_FILE);
  const study = await run(file);
  checkStudy(study, file);
  return new StudyFolder(name, folder, study);
}

/** The default export; where there is none, all exports. */
async function run(file: string): Promise<unknown> {
  try {
    return await moduleLoader(file).import(file, { default: true });
  } catch (error) {
    if (error instanceof XnorlabError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(file, `cannot be loaded: ${reason.trim()}`, { cause: error });
  }
}

const method = z.custom((value) => typeof value === 'function', 'Invalid input: expected a function');

const studySchema = z.object({
  title: z.string(),
  description: z.string(),
  main: z.object({ part: z.string(), figure: z.string() }).optional(),
  parts: z.record(
    z.string().regex(/^\w[\w.-]*$/),
    z.object({
      title: z.string().optional(),
      description: z.string().optional(),
      sweeps: z.array(
        z.union([z.string(), z.object({ name: z.string() })], 'a file, or a sweep with a name'),
      ),
      rows: method,
      tables: method.optional(),
      figures: method.optional(),
    }),
  ),
});

/** @throws ArgumentError naming the file and what is wrong in its default export */
function checkStudy(value: unknown, file: string): asserts value is Study {
  parse(studySchema, value, `${file}: default`);
}
