/** Unpredictable bytes from a cryptographic source; never the same twice. */
export type Randomness = { bytes(size: number): Uint8Array }
