// My service, from what is saved here.
import { drawn, say, time } from "./words.js";

export function show(phone) {
  return phone.listen(() => {
    const given = phone.bundle?.service;
    if (!given) return;
    document.getElementById("service-hours").textContent = say("hours", { n: given.hours });
    const rest = given.rest_until && new Date(given.rest_until) > new Date();
    document.getElementById("service-rest").textContent = rest ? say("rest", { time: time(given.rest_until) }) : say("rested");
    const open = document.getElementById("service-unsettled");
    Object.assign(open, { hidden: !given.unsettled, textContent: say("unsettled", { n: given.unsettled }) });
    const rows = given.stays.map((stay) => {
      const row = drawn("stay");
      row.querySelector("strong").textContent = stay.name;
      row.querySelector("span").textContent = stay.place;
      row.querySelector("small").textContent = `${time(stay.in)} · ${say("minutes", { n: stay.minutes })}`;
      return row;
    });
    if (!rows.length) rows.push(Object.assign(document.createElement("li"), { textContent: say("no_stays") }));
    document.getElementById("service-stays").replaceChildren(...rows);
  });
}
