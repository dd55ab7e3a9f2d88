// Keys 1 to 4 answer the case that is shown; everything works without them.
"use strict";

const choices = Array.from(document.querySelectorAll("[data-key]"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const choice = choices.find((button) => button.dataset.key === event.key);
  if (!choice) return;
  event.preventDefault();
  choice.click();
});

// After an answer the next case is read from its title on.
if (location.hash === "#case") document.getElementById("case")?.focus({ preventScroll: true });

// The browser's Back must not show the page as it was before the answer.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
