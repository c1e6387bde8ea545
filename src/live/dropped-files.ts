/** Files of one data set, each by its path below the folder that they came in. */
export interface OwnFiles {
  /** Of the folder, or of the first file without its endings. */
  readonly name: string;
  readonly files: { file: string; bytes: Uint8Array }[];
}

/** Reads what was dropped: files, or one folder with all below it. */
export async function filesOf({ items }: DataTransfer): Promise<OwnFiles> {
  const entries = Array.from(items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const [only] = entries;
  const isFolder = entries.length === 1 && only.isDirectory;
  const top = isFolder ? await childrenOf(only as FileSystemDirectoryEntry) : entries;
  const files = (await Promise.all(top.map((entry) => readBelow(entry, '')))).flat();
  return { name: isFolder ? only.name : stemOf(files[0]?.file), files };
}

/** Reads what was chosen in a dialogue. */
export async function filesChosen(list: FileList | null): Promise<OwnFiles> {
  const files = await Promise.all(Array.from(list ?? [], (file) => read(file, file.name)));
  return { name: stemOf(files[0]?.file), files };
}

function stemOf(file = 'own'): string {
  return file.replace(/(\.\w+)+$/, '').replace(/^.*\//, '') || 'own';
}

async function readBelow(entry: FileSystemEntry, folder: string): Promise<OwnFiles['files']> {
  const path = `${folder}${entry.name}`;
  if (entry.isDirectory) {
    const children = await childrenOf(entry as FileSystemDirectoryEntry);
    return (await Promise.all(children.map((child) => readBelow(child, `${path}/`)))).flat();
  }
  if (entry.name.startsWith('.')) return [];
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  );
  return [await read(file, path)];
}

async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // A browser hands out a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function read(file: File, path: string): Promise<{ file: string; bytes: Uint8Array }> {
  return { file: path, bytes: new Uint8Array(await file.arrayBuffer()) };
}
