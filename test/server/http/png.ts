import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** A grey picture; what is in it besides can be named, and its pixels replaced. */
export function png(
  width: number,
  height: number,
  over: {
    readonly depth?: number
    readonly colour?: number
    readonly interlace?: number
    readonly pixels?: Uint8Array
    readonly text?: string
    readonly chunks?: readonly (readonly [string, Uint8Array])[]
  } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([over.depth ?? 8, over.colour ?? 0, 0, 0, over.interlace ?? 0], 8)
  const pixels = over.pixels ?? Buffer.alloc(height * (width + 1))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    ...(over.chunks ?? []).map(([type, data]) => chunk(type, data)),
    ...(over.text === undefined ? [] : [chunk('tEXt', Buffer.from(`Comment\0${over.text}`))]),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
