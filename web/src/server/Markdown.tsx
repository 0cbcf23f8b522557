import { fromMarkdown } from 'mdast-util-from-markdown'
import { createElement, Fragment, type ReactNode } from 'react'

type Root = ReturnType<typeof fromMarkdown>
type Nodes = Root | Root['children'][number]

/**
 * Shows Markdown of strangers (CommonMark). It becomes elements, never markup: HTML in it is shown as the text that it is,
 * images are named and not fetched, and links lead to the web or to a mail alone.
 */
export function Markdown({ children }: { readonly children: string }): ReactNode {
  const root = isLaboured(children) ? undefined : fromMarkdown(children)
  return root === undefined || isDeep(root) ? <pre>{children}</pre> : show(root)
}

/**
 * Whether reading it would keep the server from everything else for seconds, which grow with the square of what is begun in it:
 * more marks, or more quotes and lists within each other, than anybody needs who writes for people.
 */
function isLaboured(text: string): boolean {
  return (text.match(/[*_[\]]/g)?.length ?? 0) > 500 || /^(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=\s|$))){9}/m.test(text)
}

/** How deeply one thing may lie in another: a stack has an end. */
const deepest = 64

function isDeep(root: Root): boolean {
  let level: readonly Nodes[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true
    level = level.flatMap((node) => ('children' in node ? (node.children as readonly Nodes[]) : []))
  }
  return false
}

function inside(node: Extract<Nodes, { children: readonly unknown[] }>): ReactNode {
  return createElement(Fragment, null, ...(node.children as readonly Nodes[]).map(show))
}

function show(node: Nodes): ReactNode {
  switch (node.type) {
    case 'root':
      return inside(node)
    case 'paragraph':
      return <p>{inside(node)}</p>
    // The page has the levels above; a narrative begins below them, and none of its headings is left out.
    case 'heading':
      return node.depth === 1 ? <h3>{inside(node)}</h3> : <h4>{inside(node)}</h4>
    case 'list':
      return node.ordered ? <ol start={node.start ?? 1}>{inside(node)}</ol> : <ul>{inside(node)}</ul>
    case 'listItem':
      return <li>{inside(node)}</li>
    case 'blockquote':
      return <blockquote>{inside(node)}</blockquote>
    case 'emphasis':
      return <em>{inside(node)}</em>
    case 'strong':
      return <strong>{inside(node)}</strong>
    case 'inlineCode':
      return <code>{node.value}</code>
    case 'code':
      return <pre>{node.value}</pre>
    case 'break':
      return <br />
    case 'thematicBreak':
      return <hr />
    case 'link':
      return /^(?:https?:\/\/|mailto:)/i.test(node.url) ? (
        <a href={node.url} rel="nofollow noopener noreferrer ugc">
          {inside(node)}
        </a>
      ) : (
        inside(node)
      )
    case 'image':
      return node.alt
    case 'text':
    case 'html':
      return node.value
    default:
      return 'children' in node ? inside(node as Extract<Nodes, { children: readonly unknown[] }>) : null
  }
}
