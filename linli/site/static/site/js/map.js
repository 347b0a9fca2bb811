// Degrees after the point. A pin goes to the unit, and the server rounds what it shows to others; for
// a list about 100 m are near enough, and leave no trace of a home.
const [EXACT, COARSE] = [6, 3];

// Makes the drawn map movable on a press of its button; only then Leaflet is fetched.
// Until then a finger on the map scrolls the page, as everywhere else.
function fetchLeaflet({ leaflet, leafletCss }) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = leafletCss;
  const code = document.createElement("script");
  code.src = leaflet;
  const both = [sheet, code].map((element) => new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
  }));
  document.head.append(sheet, code);
  return Promise.all(both);
}

// Dots and names keep their size while the ground grows.
function keepSize(svg, scale) {
  svg.querySelectorAll("[data-size]").forEach((mark) => {
    const name = mark.tagName === "text" ? "font-size" : "r";
    mark.setAttribute(name, mark.dataset.size / scale);
  });
}

function makeMovable(board) {
  const L = window.L;
  const svg = board.querySelector("svg");
  const { width, height } = svg.viewBox.baseVal;
  board.style.height = `${board.clientHeight}px`;
  const ground = document.createElement("div");
  board.append(ground);
  const map = L.map(ground, { crs: L.CRS.Simple, attributionControl: false, zoomControl: false, zoomSnap: 0.5, minZoom: -2, maxZoom: 7 });
  L.control.zoom({ zoomInTitle: board.dataset.closer, zoomOutTitle: board.dataset.further }).addTo(map);
  const bounds = [[-height, 0], [0, width]];
  L.svgOverlay(svg, bounds, { interactive: true }).addTo(map);
  map.on("zoomend", () => keepSize(svg, 2 ** map.getZoom()));
  map.fitBounds(bounds);
  keepSize(svg, 2 ** map.getZoom());
  // Letting go after a drag is not a press on what lies under the finger.
  let moved = false;
  map.on("dragstart", () => (moved = true));
  ground.addEventListener("pointerdown", () => (moved = false));
  ground.addEventListener("click", (event) => {
    if (!moved) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  ground.focus();
}

export function letMove(board) {
  const button = board.parentElement.querySelector("[data-map-move]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      if (!window.L) await fetchLeaflet(board.dataset);
      makeMovable(board);
      button.remove();
    } catch {
      button.disabled = false; // no line just now; the drawing and the list stay
    }
  });
}

// Longitude and latitude under the pointer.
export function degreesAt(svg, { clientX, clientY }) {
  const { west, north, squeeze, scale } = svg.dataset;
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [Number(west) + x / scale / squeeze, north - y / scale];
}

// Choosing a spot: a press on the map, or "where I am". Fills lon and lat of the form around it and
// says the name of the place. Whoever does neither types the name, as without JavaScript.
export function letPin(box) {
  const { lonInput, latInput, locate, marked, refused } = box.dataset;
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
    const { west, north, squeeze, scale } = svg.dataset;
    const pin = svg.querySelector(".map-pin");
    pin.setAttribute("cx", (lon - west) * squeeze * scale);
    pin.setAttribute("cy", (north - lat) * scale);
    pin.removeAttribute("hidden");
  }

  async function choose(lon, lat) {
    lonField.value = lon.toFixed(EXACT);
    latField.value = lat.toFixed(EXACT);
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
  svg?.addEventListener("click", (event) => choose(...degreesAt(svg, event)));
}

// "Where I am": asks the telephone once, on a press, and goes to the list around that spot.
export function letLookAround(button) {
  if (!navigator.geolocation) return;
  const form = button.closest("form");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const query = new URLSearchParams({ lon: coords.longitude.toFixed(COARSE), lat: coords.latitude.toFixed(COARSE) });
        location.assign(`${form.getAttribute("action") || location.pathname}?${query}`);
      },
      () => {
        button.disabled = false;
        form.querySelector("input:not([type=hidden])")?.focus(); // refused: typing a name works as well
      },
      { timeout: 10000, maximumAge: 60000 },
    );
  });
}
