// Speaking to the server, and what each answer means (the table O10 of the promises). Whatever is
// not clearly ours is a portal, a proxy or a broken line: then everything stays here.
const PATIENCE = 30_000; // milliseconds for one answer
const MARK = "X-Linli-Sync";

export function outcome(answer) {
  if (answer.failed) return { what: "later" };
  const { status, mark, said } = answer;
  if (status >= 500) return status === 503 ? { what: "busy", after: answer.after } : { what: "later" };
  if (status === 429) return { what: "busy", after: answer.after };
  if (!mark || !said) return { what: "portal" };
  const words = { code: said.code, said: said.reason };
  switch (status) {
    case 201:
    case 202:
      return said.receipt ? { what: "stored", receipt: said.receipt, word: said.word } : { what: "portal" };
    case 401:
    case 403:
      return { what: "sign_in", ...words };
    case 409:
      return { what: "help", ...words, receipt: said.receipt };
    case 404:
    case 410:
    case 413:
    case 422:
      return { what: "help", ...words };
    default:
      return { what: "portal" };
  }
}

// Where a picture stands: so many bytes are there, or it is whole and these are the receipts.
export function standing(answer) {
  const { status, mark, said } = answer;
  if (mark && said && (status === 200 || (status === 409 && said.code === "offset"))) {
    return { what: "here", offset: said.offset, receipts: said.receipts ?? [] };
  }
  const found = outcome(answer);
  return found.what === "help" ? { ...found, code: `photo_${found.code}` } : found;
}

export class Transport {
  constructor({ device = () => "", fetcher = (...words) => fetch(...words), cookies = () => document.cookie } = {}) {
    Object.assign(this, { device, fetcher, cookies });
  }

  async item(item, bytes) {
    const headers = {
      "Content-Type": "application/octet-stream", "X-Linli-Id": item.id, "X-Linli-Sha256": item.sha256,
      "X-Linli-Form": item.form, "X-Linli-Device": item.device, "X-Linli-Signature": item.signature,
    };
    return outcome(await this.#ask("POST", "/sync/items", bytes, headers));
  }

  async where(sha) {
    return standing(await this.#ask("GET", `/sync/blob/${sha}`));
  }

  async piece(sha, offset, total, piece) {
    const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset), "Upload-Length": String(total) };
    return standing(await this.#ask("PUT", `/sync/blob/${sha}`, piece, headers));
  }

  async status(ids, unsent, oldest, leftOut = {}) {
    const said = { ids, unsent, oldest: oldest ? new Date(oldest).toISOString() : null, left_out: leftOut };
    const answer = await this.#ask("POST", "/sync/status", JSON.stringify(said), { "Content-Type": "application/json" });
    return answer.status === 200 && answer.mark ? answer.said.items : null;
  }

  // Is anybody really there? Who am I to them? It also brings the token that requests must carry.
  async hello() {
    const answer = await this.#ask("GET", "/sync/hello");
    return answer.mark && answer.said?.code ? answer.said : null;
  }

  async enrol(publicKey, label) {
    const said = JSON.stringify({ public_key: publicKey, label });
    const answer = await this.#ask("POST", "/sync/device", said, { "Content-Type": "application/json" });
    return answer.status === 201 && answer.mark ? answer.said.device : "";
  }

  async bundle(etag) {
    const answer = await this.#ask("GET", "/sync/bundle", null, etag ? { "If-None-Match": etag } : {});
    if (!answer.mark) return null;
    return answer.status === 304 ? { same: true } : answer.status === 200 ? { text: answer.text } : null;
  }

  async #ask(method, path, body = null, headers = {}, second = false) {
    const stop = new AbortController();
    const bell = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const token = /(?:^|; )csrftoken=([^;]+)/.exec(this.cookies())?.[1] ?? "";
      const answer = await this.fetcher(path, {
        method, body, headers: { ...headers, "X-Linli-Device": headers["X-Linli-Device"] ?? this.device(), "X-CSRFToken": token },
        redirect: "manual", cache: "no-store", credentials: "same-origin", signal: stop.signal,
      });
      const mark = answer.headers.get(MARK) === "1";
      const text = await answer.text();
      // The token was not the server's: a visit brings a new one, and the same bytes go again.
      if (answer.status === 403 && !mark && !second && method !== "GET" && (await this.hello())) {
        return await this.#ask(method, path, body, headers, true);
      }
      const after = Number(answer.headers.get("Retry-After")) || 0;
      return { status: answer.status, mark, text, said: parsed(text), after };
    } catch {
      return { failed: true };
    } finally {
      clearTimeout(bell);
    }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
