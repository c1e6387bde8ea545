import { readFileSync } from 'node:fs';

interface Notebook {
  readonly cells: readonly {
    readonly outputs?: readonly { readonly data?: { readonly 'image/png'?: string | readonly string[] } }[];
  }[];
}

/** The first PNG that an executed notebook shows; undefined where it has none. */
export function firstPicture(notebook: string): Buffer | undefined {
  const { cells } = JSON.parse(readFileSync(notebook, 'utf8')) as Notebook;
  for (const { outputs = [] } of cells) {
    for (const { data } of outputs) {
      const png = data?.['image/png'];
      if (png !== undefined) return Buffer.from([png].flat().join(''), 'base64');
    }
  }
  return undefined;
}
