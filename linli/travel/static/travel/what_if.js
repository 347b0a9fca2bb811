// Takes a facility on the map and puts it elsewhere, or adds one where the map is pressed: fills the
// form's hidden fields and sends it. Without JavaScript the name of the village does the same.
import { degreesAt } from "../site/js/map.js";

const form = document.querySelector("[data-what-if]");

function send(site, [lon, lat]) {
  form.elements.site.value = site;
  form.elements.lon.value = lon.toFixed(6);
  form.elements.lat.value = lat.toFixed(6);
  form.elements.at.value = "";
  form.requestSubmit();
}

// Numbers on the drawing under the pointer.
function spot(svg, { clientX, clientY }) {
  return new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
}

let held = null;
document.addEventListener("pointerdown", (event) => {
  const dot = event.target.closest?.("#found .map-point[data-key]");
  if (!dot) return;
  held = dot;
  dot.setPointerCapture(event.pointerId);
  event.preventDefault();
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const { x, y } = spot(held.ownerSVGElement, event);
  held.setAttribute("cx", x);
  held.setAttribute("cy", y);
});
document.addEventListener("pointerup", (event) => {
  if (!held) return;
  const [dot, svg] = [held, held.ownerSVGElement];
  held = null;
  send(dot.dataset.key, degreesAt(svg, event));
});
document.addEventListener("click", (event) => {
  const svg = event.target.closest?.("#found .map-board svg");
  if (!svg || event.target.closest("[data-key]") || svg.closest(".leaflet-container")) return;
  send("new", degreesAt(svg, event));
});
// A name that is typed is meant instead of the spot that was pressed before.
form.elements.at.addEventListener("input", () => {
  form.elements.lon.value = "";
  form.elements.lat.value = "";
});
