// One record: the name is made when it is opened and stands in the memory before anything is typed;
// every word is kept as it is typed; "finish" freezes it.
import { freeze, tagOf } from "./capture.js";
import { keep, opened } from "./drafts.js";
import { blame, draw, missing, options, read } from "./fields.js";
import { Shots } from "./shots.js";
import { drawn, say, tell, time } from "./words.js";

const element = (id) => document.getElementById(id);

export async function show(phone) {
  if (!phone.bundle) await phone.refresh();
  const draft = await opened(phone);
  const form = phone.bundle?.forms.find((one) => one.id === draft?.form);
  if (!form) return tell("no_form", "late");
  const page = new Page(phone, draft, form);
  // One record is open in one tab; a second one may begin another (O1).
  if (!navigator.locks) return page.start();
  await new Promise((go) => {
    navigator.locks.request(`field:draft:${draft.id}`, { ifAvailable: true }, (got) => {
      if (!got) return go(tell("two_tabs", "late"));
      go(page.start());
      return new Promise(() => {}); // held until the tab goes
    });
  });
}

class Page {
  constructor(phone, draft, form) {
    Object.assign(this, { phone, draft, form });
  }

  async start() {
    const { form, draft, phone } = this;
    element("title").textContent = form.name;
    document.title = document.title.replace(/^[^·]*/, `${form.name} `);
    const task = phone.bundle.tasks.find((one) => one.uid === draft.task);
    const stop = task?.stops.find((one) => one.id === draft.stop);
    this.#line("form-for", [stop?.label, stop ? task?.name : "", stop?.place ?? task?.place].filter(Boolean).join(" · "));
    this.#line("form-help", form.help);
    await this.#keep(); // the name, before anything else
    this.boxes = draw(form, phone.bundle.places, draft.values, () => this.#typed());
    const parts = [...this.boxes];
    if (form.outcomes.length) parts.unshift(this.#outcomes());
    if (form.photos) parts.push((this.shots = new Shots(form.photos, draft.photos ?? [], () => this.#typed())).box);
    element("form-fields").replaceChildren(...parts);
    this.#unfold();
    element("form").hidden = false;
    element("form").addEventListener("submit", (event) => (event.preventDefault(), this.#finish()));
    element("form-drop").addEventListener("click", () => this.#throwAway());
  }

  #line(id, words) {
    Object.assign(element(id), { textContent: words, hidden: !words });
  }

  #outcomes() {
    const box = drawn("outcome");
    options(box.querySelector(".choices"), "outcome", this.form.outcomes, this.draft.outcome);
    box.addEventListener("change", () => {
      this.draft.outcome = box.querySelector("input:checked").value;
      this.#unfold();
      this.#typed();
    });
    return (this.outcome = box);
  }

  // Where nobody was met there is nothing to fill in: the answer alone is complete.
  #unfold() {
    if (!this.form.outcomes.length) return;
    const held = this.form.outcomes.find((one) => one.id === this.draft.outcome)?.held ?? false;
    for (const box of this.boxes) box.hidden = !held;
    if (this.shots) this.shots.box.hidden = !held;
  }

  #typed() {
    this.draft.touched = true;
    clearTimeout(this.bell);
    this.bell = setTimeout(() => this.#keep(), 300);
  }

  async #keep() {
    if (this.done) return;
    if (this.boxes) this.draft.values = read(this.form, this.boxes);
    if (this.shots) this.draft.photos = this.shots.kept();
    await keep(this.phone, this.draft);
    if (this.boxes) element("form-saved").textContent = say("saved", { time: time(Date.now()) });
  }

  async #finish() {
    clearTimeout(this.bell);
    await this.#keep();
    const wrong = missing(this.form, this.draft.values, this.boxes);
    if (this.outcome && !this.draft.outcome) wrong.unshift({ text: say("choose"), at: this.outcome.querySelector("input") });
    if (wrong.length) return blame(wrong);
    const visible = (this.shots && !this.shots.box.hidden && this.shots.all()) || [];
    const held = this.boxes.length === 0 || !this.boxes[0].hidden;
    try {
      this.done = true;
      await freeze(this.phone, { ...this.draft, values: held ? this.draft.values : {} }, this.form, visible);
    } catch (error) {
      this.done = false;
      return blame([{ text: say("not_saved", { said: `${error.name}. ` }), at: element("form") }]);
    }
    this.#finished();
    this.phone.changed();
    this.phone.flush();
  }

  #finished() {
    element("form").hidden = true;
    const box = element("form-done");
    box.querySelector("p").textContent = say("frozen", { tag: tagOf(this.draft.id) });
    const links = [];
    for (const kind of this.draft.outcome ? this.form.opens ?? [] : []) {
      if (!this.form.outcomes.find((one) => one.id === this.draft.outcome)?.held) break;
      const link = drawn("matter");
      const text = this.draft.values["f-said"] ?? "";
      link.href = `/field/form/?${new URLSearchParams({ form: kind, task: this.draft.task, text })}`;
      links.push(link);
    }
    box.querySelector(".actions").replaceChildren(...links, drawn("next"));
    box.hidden = false;
    box.querySelector("p").focus();
  }

  async #throwAway() {
    clearTimeout(this.bell);
    this.done = true;
    await this.phone.store.dropDraft(this.draft.id);
    location.assign("/field/");
  }
}
