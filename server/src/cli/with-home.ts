import type { Config } from '../config.ts'
import { createHome, type Home } from '../main.ts'

/** Does something in this home, which asks no chain. */
export async function withHome(config: Config, work: (home: Home) => Promise<void>): Promise<void> {
  const home = await createHome(config)
  try {
    await work(home)
  } finally {
    await home.close()
  }
}
