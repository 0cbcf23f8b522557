import { type ReactNode, useState } from 'react'
import type { Seed } from '../Seed.ts'
import type { Translate } from '../Translation.ts'

/** What one can do with the page, and needs a script for. */
export function Actions({ seed, translate }: { readonly seed: Seed; readonly translate: Translate }): ReactNode {
  const [said, say] = useState('')
  // Whoever is refused the clipboard sees what to copy.
  const copy = () =>
    navigator.clipboard.writeText(seed.address).then(
      () => say(translate('keep.copied')),
      () => say(seed.address),
    )
  return (
    <div className="actions">
      {/* A browser has a clipboard for pages that come by https, or from this machine. */}
      {navigator.clipboard && (
        <button type="button" onClick={() => void copy()}>
          {translate('keep.copy')}
        </button>
      )}
      <button type="button" onClick={() => print()}>
        {translate('keep.print')}
      </button>
      <p role="status">{said}</p>
    </div>
  )
}
