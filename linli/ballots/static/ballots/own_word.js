// The voter's own word is made here, on their device: the server does not choose it.
const field = document.querySelector("[data-own-word]");
if (field && !field.value && window.crypto) {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  field.value = Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}
