// A filter takes effect when it is chosen; its button stays for those without JavaScript.
export function start(form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=radio], input[type=checkbox]")) form.requestSubmit();
  });
}
