// "Where I am": asks the telephone once, on a press, and goes to the list around that spot.
const DIGITS = 3; // of a degree, about 100 m: near enough for a list, and no trace of a home

export function start(button) {
  if (!navigator.geolocation) return;
  const form = button.closest("form");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const query = new URLSearchParams({ lon: coords.longitude.toFixed(DIGITS), lat: coords.latitude.toFixed(DIGITS) });
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
