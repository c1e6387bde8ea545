#!/usr/bin/env node
import { CommanderError } from '@commander-js/extra-typings';
import { reportFailure } from './cli/failure.js';
import { createProgram, loadNamedRules } from './cli/program.js';

async function main(): Promise<void> {
  try {
    const words = process.argv.slice(2);
    await loadNamedRules(words);
    await (await createProgram(words)).parseAsync(process.argv);
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? usageExitCode(error) : reportFailure(error);
  }
}

/** Help and version are answers; everything else that commander throws is bad usage, already explained. */
function usageExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : 2;
}

void main();
