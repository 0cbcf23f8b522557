import * as Chain from './Chain.ts'
import * as Cli from './Cli.ts'
import { freePort } from './free-port.ts'

/** Where a server of a test's own stands: a chain, a home and a port. */
export type Place = {
  readonly chain: Chain.Chain
  readonly home: string
  readonly environment: Cli.Environment
  /** The address of the server, once one runs. */
  readonly base: string
  /** Stops the chain and deletes the home. */
  readonly remove: () => Promise<void>
}

/** Makes a place, in which `more` stands in the environment. */
export async function create(more: Cli.Environment = {}): Promise<Place> {
  const chain = await Chain.start()
  const { home, remove } = await Cli.createHome()
  const port = String(await freePort())
  return {
    chain,
    home,
    environment: { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, PORT: port, ...more },
    base: `http://127.0.0.1:${port}`,
    remove: async () => {
      await chain.stop()
      await remove()
    },
  }
}
