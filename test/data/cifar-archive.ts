/** What an image of the archives holds: bytes that differ between images and planes. */
export function pixelsOf(image: number): Uint8Array {
  return Uint8Array.from({ length: 3072 }, (_, i) => (i * 31 + image * 101 + Math.floor(i / 1024)) % 256);
}

const FINE = ['ant', 'bee', 'cat', 'dog'];
const COARSE = ['insect', 'mammal'];

/** Two images a batch, labels in turn, in the files of an archive of the CIFAR family. */
export function cifarArchive(folder: string): Record<string, Uint8Array> {
  const isPython = folder.endsWith('py') || folder.endsWith('python');
  const is100 = folder.startsWith('cifar-100');
  const classes = is100 ? 4 : 3;
  const batch = (first: number, position: number): Uint8Array => {
    const fine = [position % classes, (position + 1) % classes];
    // The first label of a pair in CIFAR-100 is the coarse one.
    const kinds = is100 ? { coarse_labels: [1, 0], fine_labels: fine } : { labels: fine };
    const images = [pixelsOf(first), pixelsOf(first + 1)];
    return isPython ? pickledBatch(kinds, images) : binaryBatch(Object.values(kinds), images);
  };
  const suffix = isPython ? '' : '.bin';
  const names = FINE.slice(0, classes);
  if (is100) {
    const meta = isPython
      ? { meta: pickled(dictionary({ fine_label_names: texts(FINE), coarse_label_names: texts(COARSE) })) }
      : { 'fine_label_names.txt': lines(FINE), 'coarse_label_names.txt': lines(COARSE) };
    return { [`train${suffix}`]: batch(0, 0), [`test${suffix}`]: batch(100, 0), ...meta };
  }
  const batches = [1, 2, 3, 4, 5].map((number) => [
    `data_batch_${number}${suffix}`,
    batch(2 * (number - 1), 2 * (number - 1)),
  ]);
  const meta = isPython
    ? { 'batches.meta': pickled(dictionary({ num_cases_per_batch: 'K\x02', label_names: texts(names) })) }
    : { 'batches.meta.txt': lines(names) };
  return { ...Object.fromEntries(batches), [`test_batch${suffix}`]: batch(100, 0), ...meta };
}

function lines(names: readonly string[]): Uint8Array {
  return Buffer.from(`${names.join('\n')}\n\n`);
}

function binaryBatch(kinds: readonly number[][], images: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(images.flatMap((image, i) => [Uint8Array.from(kinds, (labels) => labels[i]), image]));
}

// Pickles as Python 2 wrote them, texts being bytes, in protocol 2: one character a byte.

function pickledBatch(kinds: Record<string, readonly number[]>, images: readonly Uint8Array[]): Uint8Array {
  const pixels = Buffer.concat(images).toString('latin1');
  const count = String.fromCharCode(images.length);
  const array =
    'cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01bq\x03\x87Rq\x04' +
    `(K\x01K${count}M\x00\x0c\x86cnumpy\ndtype\nq\x05U\x02u1q\x06K\x00K\x01\x87Rq\x07` +
    `(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T${uint32(pixels.length)}${pixels}tb`;
  const labels = Object.entries(kinds).map(([name, numbers]) => [
    name,
    `](${numbers.map((number) => `K${String.fromCharCode(number)}`).join('')}e`,
  ]);
  return pickled(
    dictionary({
      batch_label: text('a batch'),
      data: array,
      ...Object.fromEntries(labels),
      filenames: texts(['a.png', 'b.png']),
    }),
  );
}

function pickled(contents: string): Uint8Array {
  return Buffer.from(`\x80\x02${contents}.`, 'latin1');
}

function dictionary(entries: Record<string, string>): string {
  return `}q\x00(${Object.entries(entries)
    .map(([key, value]) => text(key) + value)
    .join('')}u`;
}

function texts(list: readonly string[]): string {
  return `](${list.map(text).join('')}e`;
}

function text(value: string): string {
  return `U${String.fromCharCode(value.length)}${value}`;
}

function uint32(value: number): string {
  return String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >> 24);
}
