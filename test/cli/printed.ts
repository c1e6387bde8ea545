import { vi } from 'vitest';
import { predictCommand } from '../../src/cli/predict-command.js';

/** What `xnorlab predict` prints on stdout and on stderr, run in this process: faster by far. */
export async function printed(...args: string[]): Promise<{ readonly out: string; readonly notes: string }> {
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockReturnValue(true),
  );
  try {
    await predictCommand().exitOverride().parseAsync(args, { from: 'user' });
    const [out, notes] = streams.map(({ mock }) => mock.calls.map(([text]) => String(text)).join(''));
    return { out, notes };
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
}
