// Choosing a spot: a press on the map, or "where I am". Fills lon and lat of the form around it and
// says the name of the place. Whoever does neither types the name, as without JavaScript.
const DIGITS = 6;

export function start(box) {
  const svg = box.querySelector("svg");
  const said = box.querySelector("[role=status]");
  const { lonInput, latInput, locate, west, north, squeeze, scale, nowhere, refused } = box.dataset;
  const [lonField, latField] = [lonInput, latInput].map((id) => document.getElementById(id));
  box.hidden = false;

  async function nameOf(lon, lat) {
    const answer = await fetch(`${locate}?lon=${lon}&lat=${lat}`, { headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).name : "";
  }

  function mark(lon, lat) {
    const pin = svg.querySelector(".map-pin");
    pin.setAttribute("cx", (lon - west) * squeeze * scale);
    pin.setAttribute("cy", (north - lat) * scale);
    pin.removeAttribute("hidden");
  }

  async function choose(lon, lat) {
    [lon, lat] = [lon.toFixed(DIGITS), lat.toFixed(DIGITS)];
    lonField.value = lon;
    latField.value = lat;
    mark(lon, lat);
    try {
      said.textContent = (locate && (await nameOf(lon, lat))) || nowhere;
    } catch {
      said.textContent = nowhere; // no line: the spot itself is kept and goes with the form
    }
  }

  svg.addEventListener("click", (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    choose(Number(west) + x / scale / squeeze, north - y / scale);
  });

  const here = box.querySelector("[data-pin-here]");
  if (!navigator.geolocation) here.remove();
  here.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => choose(coords.longitude, coords.latitude),
      () => (said.textContent = refused),
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
