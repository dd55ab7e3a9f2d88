// The desk: keys, where to go on after an answer, the first-run tour.
"use strict";

const cards = Array.from(document.querySelectorAll(".card"));

function focused() {
  return cards.findIndex((card) => card.contains(document.activeElement));
}

function go(index) {
  const card = cards[Math.max(0, Math.min(cards.length - 1, index))];
  if (!card) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

// After an answer the page opens at the next card; keys go on from there.
if (location.hash.startsWith("#s-")) {
  const card = document.getElementById(location.hash.slice(1));
  if (card) card.focus({ preventScroll: true });
}

function press(card, key) {
  const control = card.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  control.click();
  const panel = control.closest("details");
  if (control.tagName === "SUMMARY" && panel.open) {
    // The click opens it after this turn of the loop in some browsers, before it in others.
    setTimeout(() => panel.querySelector("button, input:not([type=hidden]), textarea, select").focus(), 0);
  }
}

const tour = document.getElementById("tour");
const seen = "payoff.tour";

function remembered() {
  try {
    return localStorage.getItem(seen);
  } catch {
    return "1"; // no storage: do not greet anybody again and again
  }
}

if (tour) {
  tour.addEventListener("close", () => {
    try {
      localStorage.setItem(seen, "1");
    } catch {
      // nothing to remember it in
    }
  });
  if (!remembered() && cards.length) tour.showModal();
  for (const button of document.querySelectorAll("[data-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => tour.showModal());
  }
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog[open]");
  if (event.key === "Escape") {
    const open = event.target.closest("details.answer[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = focused();
  if (event.key === "j") go(here + 1);
  else if (event.key === "k") go(here < 0 ? 0 : here - 1);
  else if (event.key === "?" && tour) tour.showModal();
  else if (/^[1-5s]$/.test(event.key) && here >= 0) press(cards[here], event.key);
  else return;
  event.preventDefault();
});
