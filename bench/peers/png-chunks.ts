import encode from 'png-chunks-encode'
import extract from 'png-chunks-extract'
import * as Batch from '../fixtures/Batch.ts'
import * as Png from '../fixtures/Png.ts'
import type { Side } from '../Side.ts'

const keyword = 'openbadgecredential'
/** Keyword, NUL, not compressed, no language, no translated keyword: Open Badges 3.0 §5.3.1. */
const head = Buffer.concat([Buffer.from(keyword, 'latin1'), Buffer.alloc(5)])

/**
 * Baking a credential into an image: taking the image's chunks, putting one before the last, writing them again. Who
 * bakes many credentials into one image could take its chunks once.
 */
export async function create(task: { readonly extract: 'each time' | 'once' }): Promise<Side> {
  const image = Png.create()
  const chunks = extract(image)
  const texts = (await Batch.credentials(138)).map((credential) => JSON.stringify(credential))
  const bake = (text: string): Uint8Array => {
    const baked = task.extract === 'once' ? [...chunks] : extract(image)
    baked.splice(-1, 0, { name: 'iTXt', data: Buffer.concat([head, Buffer.from(text)]) })
    return encode(baked)
  }
  let next = 0
  return {
    work: () => {
      bake(texts[next++ % texts.length] as string)
      return 1
    },
    make: () => texts.slice(0, 5).map(bake),
    judge: (made) => {
      for (const [i, baked] of (made as readonly Uint8Array[]).entries()) {
        const found = extract(baked).filter(({ name, data }) => name === 'iTXt' && head.equals(data.subarray(0, 24)))
        if (found.length !== 1 || Buffer.from(found[0]?.data ?? []).toString('utf8', head.length) !== texts[i])
          throw new Error('It finds another text in the image')
        if (!Buffer.from(bake(texts[i] as string)).equals(baked)) throw new Error('The image is another')
      }
    },
  }
}
