import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { writeOut } from '../node/printing/terminal.js';
import { sweepJsonSchema, trainJsonSchema } from '../training/sweep/schema.js';

/** `xnorlab schema [train|sweep]`: prints the JSON Schema of configuration files, for editors. */
export function schemaCommand(): CommandUnknownOpts {
  const command = new Command('schema')
    .description('Print the JSON Schema of configuration files, with which editors complete and check them.')
    .option('--rules <file>', 'JavaScript or TypeScript that registers rules of your own; can be given again')
    .addArgument(
      new Argument('[file]', 'train: options of one run; sweep: of many')
        .choices(['train', 'sweep'] as const)
        .default('sweep' as const),
    );
  command.action((file) => {
    const schema = file === 'train' ? trainJsonSchema() : sweepJsonSchema();
    writeOut(`${JSON.stringify(schema, undefined, 2)}\n`);
  });
  return command;
}
