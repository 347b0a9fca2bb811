// Large letters without loading the page again: nothing that was typed gets lost.
export function start(form) {
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const large = document.documentElement.classList.toggle("large");
    button.setAttribute("aria-pressed", String(large));
    button.value = large ? "0" : "1";
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `${form.dataset.largeLetters}=${large ? 1 : 0};path=/;max-age=31536000;samesite=lax${secure}`;
  });
}
