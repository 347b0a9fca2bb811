// Choosing a spot: a press on the map, or "where I am". Fills lon and lat of the form around it and
// says the name of the place. Whoever does neither types the name, as without JavaScript.
const DIGITS = 6; // of a degree; the server rounds what it shows to others

export function start(box) {
  const { lonInput, latInput, locate, west, north, squeeze, scale, marked, refused } = box.dataset;
  const [lonField, latField] = [lonInput, latInput].map((id) => document.getElementById(id));
  const svg = box.querySelector(".map-board svg");
  const said = box.querySelector("[role=status]");
  const here = box.querySelector("[data-pin-here]");
  const open = box.querySelector("[data-pin-open]");
  box.hidden = false;

  async function nameOf(lon, lat) {
    const answer = await fetch(`${locate}?lon=${lon}&lat=${lat}`);
    const { name, error } = await answer.json();
    return name ?? error;
  }

  function mark(lon, lat) {
    const pin = svg.querySelector(".map-pin");
    pin.setAttribute("cx", (lon - west) * squeeze * scale);
    pin.setAttribute("cy", (north - lat) * scale);
    pin.removeAttribute("hidden");
  }

  async function choose(lon, lat) {
    lonField.value = lon.toFixed(DIGITS);
    latField.value = lat.toFixed(DIGITS);
    if (svg) mark(lon, lat);
    // Without a line the spot itself is kept, and goes with the form.
    said.textContent = await nameOf(lonField.value, latField.value).catch(() => marked);
  }

  if (!navigator.geolocation) here.remove();
  here.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => choose(coords.longitude, coords.latitude),
      () => (said.textContent = refused),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
  open?.addEventListener("click", () => {
    svg.closest("[hidden]").hidden = false;
    open.remove();
  });
  svg?.addEventListener("click", (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    choose(Number(west) + x / scale / squeeze, north - y / scale);
  });
}
