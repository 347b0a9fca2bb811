// Drafts: a name first, then every word as it is typed; sealed like everything else.
import { newName } from "./capture.js";
import { bytesOf } from "./seal.js";

// The draft of this address: by its name, or the one begun for the same stop, or a new one.
export async function opened(phone) {
  const asked = Object.fromEntries(new URLSearchParams(location.search));
  const name = location.hash.slice(1);
  const drafts = await phone.store.drafts();
  const stop = asked.stop ? Number(asked.stop) : null;
  const same = (row) => row.form === asked.form && (row.task ?? "") === (asked.task ?? "") && row.stop === stop && !row.replaces;
  const found = name ? drafts.find((row) => row.id === name) : drafts.find((row) => same(row) && (asked.task || !row.touched));
  const draft = found ?? { id: name || newName(), person: phone.who.person, form: asked.form, task: asked.task ?? "", stop, at: Date.now() };
  if (!draft.form) return null;
  const said = found?.sealed ? await phone.store.unseal(found.sealed, draft.id) : null;
  const kept = said ? JSON.parse(new TextDecoder().decode(said)) : { values: {}, outcome: "" };
  if (asked.text && !kept.values.text) kept.values.text = asked.text;
  kept.values.place ??= likely(phone.bundle, draft.task);
  history.replaceState(null, "", `#${draft.id}`);
  return { ...draft, ...kept };
}

// The place of the task, or the only one there is.
function likely(bundle, task) {
  const name = bundle?.tasks.find((one) => one.uid === task)?.place;
  const places = bundle?.places ?? [];
  return (places.find((place) => place.name === name) ?? (places.length === 1 ? places[0] : undefined))?.code;
}

export async function keep(phone, draft) {
  const { id, person, form, task, stop, at, replaces, touched } = draft;
  const said = { values: draft.values, outcome: draft.outcome, photos: draft.photos ?? [], place: draft.place ?? "" };
  const sealed = await phone.store.seal(bytesOf(JSON.stringify(said)), id);
  await phone.store.saveDraft({ id, person, form, task, stop, at, replaces: replaces ?? null, touched: touched ?? false, sealed });
}

// A correction is a new record with a name of its own that says which one it replaces (O3).
export async function corrected(phone, item) {
  const bytes = await phone.store.bytes(item);
  if (!bytes) return null;
  const said = JSON.parse(new TextDecoder().decode(bytes));
  const draft = {
    id: newName(), person: item.person, form: item.kind, task: item.task, stop: item.stop, at: Date.now(), replaces: item.id, touched: true,
    values: { ...said.values, ...(said.place ? { place: said.place } : {}) }, outcome: said.outcome,
  };
  await keep(phone, draft);
  return draft;
}

export function address(page, draft) {
  const about = { form: draft.form, ...(draft.task ? { task: draft.task } : {}), ...(draft.stop === null ? {} : { stop: draft.stop }) };
  return `${page}?${new URLSearchParams(about)}#${draft.id}`;
}
