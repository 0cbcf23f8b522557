import pc from 'picocolors'
import type { Config } from '../config.ts'
import { createHome } from '../main.ts'
import { revoke as revokeCredential } from '../status/revoke.ts'

/** Revokes one credential for good. The id may be given with or without `urn:uuid:`. */
export async function revoke(
  id: string,
  options: { readonly reason?: string; readonly json?: boolean },
  config: Config,
): Promise<void> {
  const home = await createHome(config)
  try {
    const credentialId = id.startsWith('urn:uuid:') ? id : `urn:uuid:${id.replace(/\.(json|png)$/, '')}`
    const { repeated } = await revokeCredential(credentialId, options.reason ?? null, home)
    if (options.json) process.stdout.write(`${JSON.stringify({ credentialId, revoked: true, repeated }, null, 2)}\n`)
    else
      process.stdout.write(
        `${pc.green('✔')} ${credentialId} ${repeated ? 'was revoked before' : 'is revoked'}; the public status list says so\n`,
      )
  } finally {
    await home.close()
  }
}
