// A form with data-security-key asks the browser for the key before it is sent. What the key is asked
// stands in the page as #key-options; its answer goes into the form's field "credential".

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }))

function asked() {
  const given = JSON.parse(document.getElementById('key-options').textContent)
  const options = (given.creation_options || given.request_options).publicKey
  return {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: withBytes(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: withBytes(options.allowCredentials) })
  }
}

function answered(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) }
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = toText(credential.response[name])
  }
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    response,
    clientExtensionResults: credential.getClientExtensionResults()
  })
}

for (const form of document.querySelectorAll('form[data-security-key]')) {
  const trouble = document.getElementById('key-trouble')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    trouble.hidden = true
    try {
      const credential = await navigator.credentials[form.dataset.securityKey]({ publicKey: asked() })
      form.elements.credential.value = answered(credential)
      form.submit()
    } catch {
      trouble.hidden = false
      trouble.focus()
    }
  })
}
