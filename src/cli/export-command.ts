import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { loadModel } from '../node/models/model-file.js';
import { writeOut } from '../node/printing/terminal.js';

/** `xnorlab export`: writes a network that `xnorlab train --save-model` wrote for other programs. */
export function exportCommand(): CommandUnknownOpts {
  const command = new Command('export')
    .description('Write a saved network for NumPy, ONNX Runtime, C and others.')
    .argument('<model>', 'file that xnorlab train --save-model wrote')
    .argument('<file>', 'what to write: a name that ends in .npz, .safetensors, .onnx or .h')
    .option('--json', 'print one JSON document on stdout and nothing else there');
  command.action(async (modelFile, file, { json }) => {
    const model = await loadModel(modelFile);
    try {
      const exported = await model.export(file);
      writeOut(json ? `${JSON.stringify(exported, undefined, 2)}\n` : `${file}: ${exported.bytes} bytes\n`);
    } finally {
      await model.dispose();
    }
  });
  return command;
}
