/** Separates the routing prefix of a Jupyter message from its signature and body. */
const DELIMITER = '<IDS|MSG>';

/** Signature, header, parent header, metadata, content and buffers of a raw message; empty when it is malformed. */
export function bodyOf(frames: readonly Buffer[]): Buffer[] {
  const at = frames.findIndex((frame) => frame.toString() === DELIMITER);
  return at < 0 ? [] : frames.slice(at + 1);
}

/** The type of a raw message, or undefined when it is malformed. */
export function messageType(frames: readonly Buffer[]): string | undefined {
  try {
    const header: unknown = JSON.parse(bodyOf(frames)[1]?.toString() ?? '{}');
    const type = (header as { msg_type?: unknown }).msg_type;
    return typeof type === 'string' ? type : undefined;
  } catch {
    return undefined;
  }
}
