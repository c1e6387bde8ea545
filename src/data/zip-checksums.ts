/** CRC-32 of a byte, by its value: polynomial 0xEDB88320, the one of ZIP, gzip and PNG. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? 0xedb88320 ^ (remainder >>> 1) : remainder >>> 1;
  return remainder;
});

/** CRC-32 of bytes. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) remainder = TABLE[(remainder ^ bytes[i]) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

const END_BYTES = 22;
const [END, END_64, ENTRY] = [0x06054b50, 0x06064b50, 0x02014b50];
const LONGEST_COMMENT = 2 ** 16;

/**
 * The CRC-32 that the directory of a ZIP archive gives for each entry, by name; the last of several of one name. The reader that unpacks
 * them does not look at these.
 * @returns undefined for an archive without a whole directory
 */
export function zipChecksums(archive: Uint8Array): ReadonlyMap<string, number> | undefined {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = archive.length - END_BYTES;
  const first = Math.max(0, end - LONGEST_COMMENT);
  while (end >= first && view.getUint32(end, true) !== END) end--;
  if (end < first) return undefined;
  let count = view.getUint16(end + 8, true);
  let at = view.getUint32(end + 16, true);
  // Longer archives have a second end, whose place stands before the first.
  const end64 = end >= 20 ? Number(view.getBigUint64(end - 12, true)) : 0;
  if (at === 0xffffffff && end64 + 56 <= archive.length && view.getUint32(end64, true) === END_64) {
    count = Number(view.getBigUint64(end64 + 32, true));
    at = Number(view.getBigUint64(end64 + 48, true));
  }
  const checksums = new Map<string, number>();
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > archive.length || view.getUint32(at, true) !== ENTRY) return undefined;
    const nameBytes = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameBytes));
    checksums.set(name, view.getUint32(at + 16, true));
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return checksums;
}
