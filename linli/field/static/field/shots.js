// Pictures of a record: drawn anew, shown, kept with the draft, and removable until it is finished.
import { redrawn, room, ROOM } from "./photos.js";
import { base64, fromBase64 } from "./seal.js";
import { drawn, say, tell } from "./words.js";

export class Shots {
  constructor(most, kept, changed) {
    Object.assign(this, { most, changed, box: drawn("photo"), shots: [] });
    for (const one of kept) this.#add({ sha256: one.sha256, bytes: fromBase64(one.data) });
    const input = this.box.querySelector("input");
    input.addEventListener("change", async () => {
      for (const file of [...input.files]) await this.#take(file);
      input.value = "";
      changed();
    });
  }

  all() {
    return this.shots;
  }

  // As text, for the draft, which is sealed as a whole.
  kept() {
    return this.shots.map((one) => ({ sha256: one.sha256, data: base64(one.bytes) }));
  }

  async #take(file) {
    if (this.shots.length >= this.most) return tell("most_photos", "warn", { n: this.most });
    if ((await room()) < ROOM) return tell("no_room", "late");
    try {
      const shot = await redrawn(file);
      if (!this.shots.some((one) => one.sha256 === shot.sha256)) this.#add(shot);
    } catch {
      tell("no_picture", "late");
    }
  }

  #add(shot) {
    this.shots.push(shot);
    const figure = drawn("shot");
    const address = URL.createObjectURL(new Blob([shot.bytes], { type: "image/jpeg" }));
    figure.querySelector("img").src = address;
    figure.querySelector("button").addEventListener("click", () => {
      URL.revokeObjectURL(address);
      this.shots = this.shots.filter((one) => one !== shot);
      figure.remove();
      this.changed();
    });
    this.box.querySelector(".shots").append(figure);
  }
}
