/** Scratch memory for this call, with any contents, at a multiple of 64 (../linear-memory.ts). */
@external("env", "scratch")
export declare function scratch(sizeBytes: usize): usize;
