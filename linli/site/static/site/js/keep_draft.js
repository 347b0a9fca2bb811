// Keeps what was typed until it has arrived: over a change of language, a lost page, a late form.
// In this tab only, and never what says who somebody is.
const PRIVATE = "[type=hidden], [type=password], [type=file], [type=tel], [type=email], [type=radio], [type=checkbox], [autocomplete]:not([autocomplete=off])";

// <form data-keep="tell"> keeps; an element data-keep-done="tell" on the page after it forgets.
export function start(form) {
  const key = `draft:${form.dataset.keep}`;
  const fields = () => [...form.elements].filter((field) => field.matches("textarea, input") && field.name && !field.matches(PRIVATE));
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  for (const field of fields()) if (!field.value && kept[field.name]) field.value = kept[field.name];
  form.addEventListener("input", () => {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields().map((field) => [field.name, field.value]))));
  });
}
