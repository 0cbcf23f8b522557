// Signs in by a passkey, and makes one. Without this script, or without passkeys, people sign in by mail.

const api = globalThis.PublicKeyCredential
const isAble =
  typeof api?.parseCreationOptionsFromJSON === 'function' && typeof api.parseRequestOptionsFromJSON === 'function'

/** Posts JSON to this server, and answers with what it says; says why not where it refuses. */
async function post(path, body, headers = {}) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.detail)
  return answer
}

async function signIn() {
  const publicKey = api.parseRequestOptionsFromJSON(await post('/sign-in/passkey/options'))
  const credential = await navigator.credentials.get({ publicKey })
  await post('/sign-in/passkey', credential.toJSON())
  location.assign('/account')
}

async function add(form) {
  const fields = new FormData(form)
  const headers = { 'laurel-csrf': fields.get('csrf') }
  const publicKey = api.parseCreationOptionsFromJSON(await post('/v1/passkeys/options', undefined, headers))
  const credential = await navigator.credentials.create({ publicKey })
  await post('/v1/passkeys', { name: fields.get('name'), credential: credential.toJSON() }, headers)
  location.reload()
}

/** Lets a part of the page work which does nothing without this script. */
function enable(id, event, work) {
  const part = document.getElementById(id)
  if (part === null || !isAble) return
  const trouble = document.getElementById('passkey-trouble')
  part.hidden = false
  part.addEventListener(event, async (happened) => {
    happened.preventDefault()
    trouble.textContent = ''
    try {
      await work(part)
    } catch (error) {
      // Whoever has changed their mind knows it.
      if (error.name !== 'NotAllowedError') trouble.textContent = error.message
    }
  })
}

enable('passkey', 'click', signIn)
enable('add-passkey', 'submit', add)
