/** Makes the URN of a random UUID (RFC 9562 §5.4) from 16 random bytes, 122 bits of which stay. */
export function urn(random: Uint8Array): string {
  const bytes = Uint8Array.from(random)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return fromBytes(bytes)
}

/** The 16 bytes of a URN, whose order is that of the URNs; `undefined` for every other text. */
export function toBytes(urn: string): Uint8Array | undefined {
  const [, uuid] = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(urn) ?? []
  return uuid === undefined ? undefined : Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

/** The URN of 16 bytes. */
export function fromBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The URN that somebody means who writes it with or without `urn:uuid:`, or the name of a credential's file. */
export function toUrn(text: string): string {
  return `urn:uuid:${name(text).replace(/\.(json|png)$/, '')}`
}

/** The UUID of a URN: what a file of its own is called. */
export function name(urn: string): string {
  return urn.replace(/^urn:uuid:/, '')
}
