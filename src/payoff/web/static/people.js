// A link or a key that is shown once: marked whole when it is touched, copied with one click.
"use strict";

for (const field of document.querySelectorAll("[data-whole]")) {
  field.addEventListener("focus", () => field.select());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector("[data-whole]").value);
    button.textContent = button.dataset.copied;
  });
}
