import { resolve } from 'node:path'
import * as Car from '@laurel/core/Car'
import { CID } from 'multiformats/cid'
import pc from 'picocolors'
import * as Disk from '../adapters/files/Disk.ts'
import type { Context } from '../Context.ts'
import type { Config } from '../config.ts'
import { pinDue } from '../content/pin-due.ts'
import { createHome } from '../main.ts'
import * as ContentStore from '../ports/ContentStore.ts'
import * as Failure from './Failure.ts'
import * as Pinned from './Pinned.ts'
import * as Stopping from './Stopping.ts'

/** Hashes all public content here, and looks at once whether every place that keeps it still has it. */
export async function auditContent(options: { readonly json?: boolean }, config: Config): Promise<void> {
  const home = await createHome(config)
  const { signal, end } = Stopping.listen()
  try {
    const { pins, places, clock } = home
    const damaged = await findDamaged(home)
    const troubles = new Set<string>()
    await pins.expedite(clock.now())
    const alarm = (error: Error) => troubles.add(error.message)
    await Promise.all(places.map((place) => pinDue(place, home, { signal, alarm })))
    const counts = await Pinned.count(home)
    const total = (await pins.contents()).length
    const found = { total, damaged, places: counts, troubles: [...troubles] }
    const incomplete = counts.filter(({ pinned }) => pinned < total).map(({ place }) => place)
    const isWhole = damaged.length === 0 && incomplete.length === 0
    if (options.json) {
      if (isWhole) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
    } else {
      const mark = damaged.length === 0 ? pc.green('✔') : pc.red('✖')
      const lines = [`${mark} public content  ${total - damaged.length} of ${total} whole here`]
      process.stdout.write(`${[...lines, ...Pinned.describe(counts)].join('\n')}\n`)
      for (const sentence of troubles) process.stderr.write(`${pc.yellow('!')} ${sentence}\n`)
    }
    if (!isWhole) throw new Failure.ContentIncompleteError({ ...found, places: incomplete })
  } finally {
    end()
    await home.close()
  }
}

/** Writes all public content into one archive (CARv1), whole or not at all. */
export async function exportContent(file: string, options: { readonly json?: boolean }, config: Config): Promise<void> {
  const { pins, content, close } = await createHome(config)
  try {
    const cids = await pins.contents()
    if (cids.length === 0) throw new Failure.NoContentError()
    const target = resolve(file)
    await Disk.replace(
      target,
      Car.write(
        cids.map((cid) => CID.parse(cid).bytes),
        allBlocks(cids, content),
      ),
    )
    if (options.json) process.stdout.write(`${JSON.stringify({ file: target, contents: cids.length }, null, 2)}\n`)
    else process.stdout.write(`${pc.green('✔')} all public content, ${cids.length} in number, is in ${target}\n`)
  } finally {
    await close()
  }
}

async function* allBlocks(cids: readonly string[], content: Context['content']): AsyncGenerator<Car.Section> {
  const met = new Set<string>()
  for (const root of cids) {
    for await (const { cid, bytes } of content.blocks(root)) {
      if (!met.has(cid)) yield { cid: CID.parse(cid).bytes, bytes }
      met.add(cid)
    }
  }
}

async function findDamaged({ pins, content }: Pick<Context, 'pins' | 'content'>): Promise<readonly string[]> {
  const damaged: string[] = []
  for (const root of await pins.contents()) {
    try {
      for await (const _ of content.blocks(root));
    } catch (error) {
      if (!(error instanceof ContentStore.MissingBlockError)) throw error
      damaged.push(root)
    }
  }
  return damaged
}
