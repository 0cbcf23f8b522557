import * as BakedPng from '@laurel/core/BakedPng'
import * as Bytes from '@laurel/core/Bytes'
import * as Batch from '../fixtures/Batch.ts'
import * as Png from '../fixtures/Png.ts'
import type { Side } from '../Side.ts'

/** How often a call bakes: a single image takes too short a time to be measured. */
const perCall = 20

/** Baking a credential into an image that was looked at once, as the batch's is. */
export async function create(): Promise<Side> {
  const image = BakedPng.prepare(Png.create())
  const texts = (await Batch.credentials(138)).map((credential) => JSON.stringify(credential))
  let next = 0
  return {
    work: () => {
      for (let i = 0; i < perCall; i++) BakedPng.bake(image, texts[next++ % texts.length] as string)
      return perCall
    },
    make: () => texts.slice(0, 5).map((text) => BakedPng.bake(image, text)),
    judge: (made) => {
      for (const [i, baked] of (made as readonly Uint8Array[]).entries()) {
        if (BakedPng.extract(baked).text !== texts[i]) throw new Error('It finds another text in the image')
        if (!Bytes.equals(BakedPng.bake(image, texts[i] as string), baked)) throw new Error('The image is another')
      }
    },
  }
}
