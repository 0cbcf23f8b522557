import * as Stage from './Stage.ts'
import * as Work from './Work.ts'

/** A contract, or several that belong together, and how they do the work. Ours is one side, each peer another. */
export type Side = {
  readonly name: string
  /** Does on a chain of its own all the work that the side knows, and answers with what each took by its title. */
  readonly perform: (stage: Stage.Stage) => Promise<Takings>
}

/** What each work took, by its title. */
export type Takings = Readonly<Record<string, Stage.Spent>>

/** Measures a side. */
export async function measure({ name, perform }: Side): Promise<Takings> {
  const stage = await Stage.open()
  try {
    const takings = await perform(stage)
    for (const [title, { gas }] of Object.entries(takings)) {
      Work.find(title)
      if (!(gas >= 21_000)) throw new Error(`${name} cannot have done "${title}" for ${gas} gas`)
    }
    return takings
  } finally {
    await stage.close()
  }
}
