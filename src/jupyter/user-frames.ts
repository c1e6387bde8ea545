const DEEPEST_FRAME = 200;

/** What the kernel sends its messages through: while that alone is at work, the kernel is, and nobody else. */
const MACHINERY = /[\\/]node_modules[\\/](tslab|zeromq)[\\/]/;

/**
 * Whether the JavaScript stack holds a frame of user code: one that is neither Node's nor the kernel's own. False
 * between cells, and while the event loop itself does some work.
 */
export function isInsideUserCode(): boolean {
  return currentFrames().some((frame) => {
    const file = frame.getFileName();
    return typeof file === 'string' && file !== '' && !file.startsWith('node:') && !isOwnFile(file);
  });
}

function isOwnFile(file: string): boolean {
  return file.startsWith(__dirname) || file.startsWith(`file://${__dirname}`) || MACHINERY.test(file);
}

/** The stack as V8 sees it, whatever user code has made of the way it is printed. */
function currentFrames(): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = DEEPEST_FRAME;
    Error.prepareStackTrace = (_error, frames) => frames;
    return (new Error().stack ?? []) as unknown as NodeJS.CallSite[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace) Error.prepareStackTrace = prepareStackTrace;
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}
