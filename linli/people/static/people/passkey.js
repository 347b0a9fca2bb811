// Lets a key of the device fill the hidden field of a form marked data-passkey. The form itself does
// the rest; where the browser knows no keys, a form that is hidden stays hidden.

const bytes = (text) => Uint8Array.from(
  atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0))

const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")

const withIds = (list) => (list || []).map((item) => ({ ...item, id: bytes(item.id) }))

// The server writes binary values as base64url text; the browser wants bytes.
function toAdd({ publicKey }, alone) {
  const kept = alone ? "required" : "discouraged"
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: withIds(publicKey.excludeCredentials),
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: kept,
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    },
  }
}

const toShow = ({ publicKey }) => ({
  ...publicKey,
  challenge: bytes(publicKey.challenge),
  allowCredentials: withIds(publicKey.allowCredentials),
})

function written(key) {
  const said = { id: key.id, rawId: text(key.rawId), type: key.type,
    clientExtensionResults: key.getClientExtensionResults(), response: {} }
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = key.response[name]
    if (value) said.response[name] = text(value)
  }
  return said
}

async function ask(form) {
  if (form.dataset.passkey === "add") {
    const alone = Boolean(form.querySelector("[name=passwordless]")?.checked)
    return navigator.credentials.create({ publicKey: toAdd(JSON.parse(form.dataset.options).creation_options, alone) })
  }
  if (form.dataset.passkey === "show") {
    return navigator.credentials.get({ publicKey: toShow(JSON.parse(form.dataset.options).request_options) })
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(answer.statusText)
  return navigator.credentials.get({ publicKey: toShow((await answer.json()).request_options) })
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue
  form.hidden = false
  const failed = form.querySelector("[data-passkey-failed]")
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    failed.hidden = true
    try {
      form.querySelector("[name=credential]").value = JSON.stringify(written(await ask(form)))
      form.submit()
    } catch {
      failed.hidden = false
    }
  })
}
