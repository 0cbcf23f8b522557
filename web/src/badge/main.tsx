/** The script of a badge's page: it fills in what the server cannot say, and leaves all the rest as it came. */
import '../style.css'
import { createRoot } from 'react-dom/client'
import * as Seed from '../Seed.ts'
import * as Translation from '../Translation.ts'
import { Actions } from './Actions.tsx'
import { Verdict } from './Verdict.tsx'

const seed = Seed.read()
const translate = Translation.create(seed.language, seed.messages)
for (const [id, content] of [
  ['verdict', <Verdict key="verdict" seed={seed} translate={translate} />],
  ['actions', <Actions key="actions" seed={seed} translate={translate} />],
] as const) {
  const place = document.getElementById(id)
  if (place === null) throw new TypeError(`The page has no place for ${id}`)
  createRoot(place).render(content)
}
