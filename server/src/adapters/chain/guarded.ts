/** How long an answer may be, in bytes: no question that is asked here has one of a tenth of it. */
const longest = 4 * 1024 * 1024

/** The questions whose answer is a number. */
const counted = new Set([
  'eth_blockNumber',
  'eth_chainId',
  'eth_estimateGas',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getTransactionCount',
  'eth_maxPriorityFeePerGas',
])

/** The questions whose answer is some bytes. */
const data = new Set(['eth_call', 'eth_getCode', 'eth_getStorageAt', 'eth_sendRawTransaction'])

/** The questions whose answer is an object, or `null` where there is none. */
const looked = new Set(['eth_getBlockByNumber', 'eth_getTransactionByHash', 'eth_getTransactionReceipt'])

/**
 * Fetches the answer of a JSON-RPC and refuses one that is too long, belongs to another question, or is not of the
 * kind that was asked for: a client takes `null` or `0x` for 0, and would sign a transaction with the nonce 0.
 *
 * @throws {TypeError} as `fetch` itself does
 */
export async function guarded(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init)
  const text = await read(response)
  const question = typeof init?.body === 'string' ? parse(init.body) : undefined
  const answer = parse(text)
  if (question !== undefined && answer !== undefined) {
    if (!('result' in answer)) return copy(response, text)
    const method = String(question.method)
    if (answer.id !== question.id) throw new TypeError('The answer belongs to another question')
    if (counted.has(method) && !isQuantity(answer.result)) throw new TypeError('The answer is no number')
    if (data.has(method) && !isData(answer.result)) throw new TypeError('The answer is no bytes')
    if (looked.has(method) && typeof answer.result !== 'object') throw new TypeError('The answer is no object')
    if (method === 'eth_getStorageAt' && answer.result === '0x') throw new TypeError('The answer is no word')
  }
  return copy(response, text)
}

function copy({ status, statusText, headers }: Response, text: string): Response {
  const type = headers.get('content-type')
  return new Response(text, { status, statusText, headers: type === null ? {} : { 'content-type': type } })
}

async function read(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > longest) throw new TypeError('The answer is too long')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** JSON-RPC of Ethereum: hexadecimal, without leading zeros; zero is `0x0`. */
function isQuantity(value: unknown): boolean {
  return typeof value === 'string' && /^0x(0|[1-9a-f][0-9a-f]*)$/i.test(value)
}

function isData(value: unknown): boolean {
  return typeof value === 'string' && /^0x([0-9a-f]{2})*$/i.test(value)
}
