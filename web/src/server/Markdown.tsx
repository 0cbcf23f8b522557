import { fromMarkdown } from 'mdast-util-from-markdown'
import { createElement, Fragment, type ReactNode } from 'react'

type Root = ReturnType<typeof fromMarkdown>
type Nodes = Root | Root['children'][number]

/**
 * Shows Markdown of strangers (CommonMark). It becomes elements, never markup: HTML in it is shown as the text that it is,
 * images are named and not fetched, and links lead to the web or to a mail alone.
 */
export function Markdown({ children }: { readonly children: string }): ReactNode {
  return show(fromMarkdown(children))
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
