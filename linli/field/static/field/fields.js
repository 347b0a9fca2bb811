// Draws the fields of a form from the playbook and reads them back. It knows types, never kinds.
import { drawn, say } from "./words.js";

const MANY = 8; // choices that are shown as cards; more become a list

export function draw(form, places, values, changed) {
  return form.fields.map((field) => {
    const choices = field.type === "place" ? placesFor(places, field.level) : field.choices ?? [];
    const cards = field.type === "choice" && choices.length <= MANY;
    const box = drawn(cards ? "choice" : field.type === "choice" ? "select" : field.type);
    box.dataset.field = field.id;
    label(box, field);
    const value = values[field.id] ?? field.start;
    if (cards) options(box.querySelector(".choices"), field.id, choices, value);
    else fill(box, field, choices, value);
    box.addEventListener("input", () => changed());
    return box;
  });
}

export function options(box, name, choices, value) {
  box.replaceChildren(...choices.map((choice) => {
    const card = drawn("option");
    const input = card.querySelector("input");
    Object.assign(input, { name, value: choice.id, checked: choice.id === value });
    card.querySelector("b").textContent = choice.name;
    return card;
  }));
}

function label(box, field) {
  const head = box.querySelector("legend") ?? box.querySelector("label.tick span") ?? box.querySelector("label");
  head.textContent = field.label;
  if (!field.required && field.type !== "tick") {
    const small = document.createElement("span");
    small.className = "optional";
    small.textContent = ` ${say("optional")}`;
    head.append(small);
  }
  const hint = box.querySelector(".hint");
  if (field.hint) Object.assign(hint, { textContent: field.hint, hidden: false });
  const control = box.querySelector("input, textarea, select");
  const name = `field-${field.id}`;
  if (!control || field.type === "choice" && box.matches("fieldset")) return;
  control.id = name;
  box.querySelector("label").htmlFor = name;
  if (!hint.hidden) {
    hint.id = `${name}-hint`;
    control.setAttribute("aria-describedby", hint.id);
  }
}

function fill(box, field, choices, value) {
  const control = box.querySelector("input, textarea, select");
  if (control.matches("select")) {
    const rows = choices.map((choice) => Object.assign(document.createElement("option"), { value: choice.id, textContent: choice.name }));
    control.replaceChildren(Object.assign(document.createElement("option"), { value: "", textContent: "–" }), ...rows);
  }
  if (field.most) control.maxLength = field.most;
  if (field.type === "tick") control.checked = value === true;
  else control.value = field.type === "items" ? (value ?? []).join("\n") : value ?? "";
}

const LEVELS = { village: ["village", "community"] };

function placesFor(places, level) {
  const fits = LEVELS[level] ?? [level];
  const rows = !level || level === "any" ? places : places.filter((place) => fits.includes(place.level));
  return (rows.length ? rows : places).map((place) => ({ id: place.code, name: place.name }));
}

export function read(form, boxes) {
  const values = {};
  for (const field of form.fields) {
    const box = boxes.find((one) => one.dataset.field === field.id);
    const value = valueOf(field, box);
    if (value !== "" && value !== false && value?.length !== 0) values[field.id] = value;
  }
  return values;
}

function valueOf(field, box) {
  if (box.matches("fieldset")) return box.querySelector("input:checked")?.value ?? "";
  const control = box.querySelector("input, textarea, select");
  if (field.type === "tick") return control.checked;
  if (field.type === "items") return control.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return control.value.trim();
}

// What is still empty, as pairs of a sentence and the place to go to.
export function missing(form, values, boxes) {
  return form.fields.filter((field) => field.required && values[field.id] === undefined && !hiddenBox(field, boxes)).map((field) => {
    const box = boxes.find((one) => one.dataset.field === field.id);
    return { text: say("missing", { field: field.label }), at: box.querySelector("input, textarea, select") };
  });
}

const hiddenBox = (field, boxes) => boxes.find((one) => one.dataset.field === field.id)?.hidden;

// What is not right yet stands above the form; each line leads to its place.
export function blame(wrong) {
  const box = document.getElementById("form-errors");
  box.querySelector("ul").replaceChildren(...wrong.map(({ text, at }) => {
    const row = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { textContent: text, href: "#form" });
    link.addEventListener("click", (event) => (event.preventDefault(), at.focus()));
    row.append(link);
    return row;
  }));
  box.hidden = false;
  box.focus();
}
