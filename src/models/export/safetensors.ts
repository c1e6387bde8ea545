import type { ExportedArray, ExportedNetwork } from './exported-network.js';

const LENGTH_BYTES = 8;
/** Elements begin at a multiple of this. */
const ALIGNMENT = 8;

/**
 * A network in the format of https://github.com/huggingface/safetensors: uint64 length of the header, the header in JSON, padded with
 * spaces, and the elements of the arrays without gaps, widest first. The description is `description` of the metadata.
 */
export function encodeSafetensors({ description, arrays }: ExportedNetwork): Uint8Array {
  // So that each array begins at a multiple of its elements' size.
  const ordered = Object.entries(arrays).sort(
    ([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT,
  );
  let end = 0;
  const tensors = ordered.map(([name, { shape, values }]) => {
    const start = end;
    end += values.byteLength;
    return [name, { dtype: typeOf(values), shape, data_offsets: [start, end] }] as const;
  });
  const header = {
    __metadata__: { description: JSON.stringify(description) },
    ...Object.fromEntries(tensors),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(text.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + end).fill(0x20, 0, LENGTH_BYTES + headerBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(text, LENGTH_BYTES);
  ordered.forEach(([, { values }], i) => {
    const [start] = tensors[i][1].data_offsets;
    const elements = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    bytes.set(elements, LENGTH_BYTES + headerBytes + start);
  });
  return bytes;
}

function typeOf(values: ExportedArray['values']): 'U8' | 'I32' | 'F32' | 'F64' {
  if (values instanceof Uint8Array) return 'U8';
  if (values instanceof Int32Array) return 'I32';
  return values instanceof Float32Array ? 'F32' : 'F64';
}
