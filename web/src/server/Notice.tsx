import type * as Languages from '../Languages.ts'
import * as Translation from '../Translation.ts'
import * as Page from './Page.tsx'

/** Why there is no badge to be shown. */
export type Reason = 'unknown' | 'erased' | 'waiting'

/** The page in place of a badge that is not shown. */
export function render(reason: Reason, path: string, language: Languages.Language, assets: Page.Assets): string {
  const translate = Translation.create(language.tag, language.messages)
  const title = translate(`notice.${reason}.title`)
  return Page.render({
    ...{ language, translate, assets, path, title },
    main: (
      <div className="notice">
        <h1>{title}</h1>
        <p className="lead">{translate(`notice.${reason}.text`)}</p>
      </div>
    ),
  })
}
