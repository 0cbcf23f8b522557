import { type ReactNode, useCallback, useEffect, useState } from 'react'
import type { Seed } from '../Seed.ts'
import type { Translate } from '../Translation.ts'
import { Banner, Sign } from './Banner.tsx'
import { type Answer, type Judgement, nothing, tones } from './Judgement.ts'

type Said = { readonly seed: Seed; readonly translate: Translate }

/** What this browser finds out about the badge, once it has done so. */
export function Verdict({ seed, translate }: Said): ReactNode {
  const [found, setFound] = useState<{ readonly judgement: Judgement; readonly at: number }>()
  const check = useCallback(async () => {
    setFound(undefined)
    setFound({ judgement: await judgeNow(seed), at: Date.now() })
  }, [seed])
  useEffect(() => void check(), [check])
  const { verdict, issuer = seed.issuer, answers, checks } = found?.judgement ?? nothing
  // The button stays where it is while it is at work: whoever has pressed it by the keyboard stays there, too.
  return (
    <div data-verdict={found && verdict}>
      <div aria-live="polite">
        {found === undefined ? (
          <Banner tone="busy" title={translate('verdict.checking.title')} text={translate('verdict.checking.text')} />
        ) : (
          <Banner
            tone={tones[verdict]}
            title={translate(`verdict.${verdict}.title`)}
            text={translate(`verdict.${verdict}.text`, { issuer })}
          />
        )}
        {answers.length > 0 && (
          <ul className="answers">
            {answers.map((answer) => (
              <Row key={answer.question} answer={answer} issuer={issuer} translate={translate} />
            ))}
          </ul>
        )}
      </div>
      <div className="after">
        <p>{found && translate('verdict.at', { moment: found.at })}</p>
        <button type="button" aria-disabled={found === undefined} onClick={() => found && void check()}>
          {translate('verdict.again')}
        </button>
      </div>
      {checks.length > 0 && <Expert checks={checks} translate={translate} />}
    </div>
  )
}

/** A fault in the program is none of the badge: then it could not be checked. */
async function judgeNow({ credential, trust }: Seed): Promise<Judgement> {
  try {
    const { judge } = await import('./judge.ts')
    return await judge(credential, trust, Date.now())
  } catch (fault) {
    reportError(fault)
    return nothing
  }
}

const signs = { passed: 'good', failed: 'bad', unknown: 'open', skipped: 'none' } as const

function Row({
  answer: { question, outcome, code },
  issuer,
  translate,
}: {
  readonly answer: Answer
  readonly issuer: string
  readonly translate: Translate
}): ReactNode {
  return (
    <li className={outcome}>
      <Sign name={signs[outcome]} />
      <div>
        <p className="about">
          {translate(`check.${question}`)} <span className="outcome">{translate('check.outcome', { outcome })}</span>
        </p>
        <p>{sentence()}</p>
      </div>
    </li>
  )

  function sentence(): string {
    if (outcome !== 'skipped') return translate(`check.${question}.${outcome}`, { issuer, code })
    return translate(code === 'STATUS_NONE' ? 'check.status.skipped' : 'check.skipped')
  }
}

function Expert({ checks, translate }: Pick<Said, 'translate'> & Pick<Judgement, 'checks'>): ReactNode {
  return (
    <details className="expert">
      <summary>{translate('expert.title')}</summary>
      <p>{translate('expert.text')}</p>
      <ul lang="en" dir="ltr">
        {checks.map(({ check, outcome, code, message }) => (
          <li key={check}>
            <code>{check}</code> {outcome}: {message} <code>{code}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}
