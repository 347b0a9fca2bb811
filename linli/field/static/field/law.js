// The law of the queue: at-least-once sending, one name for one intention, and nothing but a valid
// receipt removes what was noted.
//
//   draft -> frozen -> sending -> frozen | stored | needs_help;  stored -> wiped
export const FIRST_PAUSE = 5_000; // milliseconds
export const LONGEST_PAUSE = 900_000;

export function pause(attempts, random) {
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempts, 12));
  return most / 2 + (most / 2) * random;
}

// What an outcome makes of an item; the bytes go only with a receipt that was checked before.
export function decide(item, found, now, random) {
  const again = (why, least = 0) => ({
    ...item, state: "frozen", why, said: found.said ?? "", attempts: item.attempts + 1,
    notBefore: now + Math.max(least, pause(item.attempts, random)),
  });
  switch (found.what) {
    case "stored":
      return stored(item, found.receipt, now, found.word);
    case "help":
      return { ...item, state: "needs_help", why: found.code, said: found.said ?? "", kept: found.receipt ?? null };
    case "busy":
      return again("busy", found.after * 1000);
    case "sign_in":
    case "portal":
      return again(found.code ?? found.what);
    default:
      return again("later");
  }
}

export function stored(item, receipt, now, word = "") {
  const missing = receipt.missing_photos;
  return {
    ...item, state: missing.length ? "stored" : "wiped", receipt, missing, why: missing.length ? "photos" : "",
    said: "", word: word || item.word || "", storedAt: item.storedAt ?? now, attempts: 0, notBefore: 0,
  };
}
