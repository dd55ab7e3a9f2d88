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

// After an answer the page opens at the next card, with the answered one's line above it; keys go on from there.
if (location.hash.startsWith("#s-")) {
  const card = document.getElementById(location.hash.slice(1));
  if (card) card.focus({ preventScroll: true });
}
const undone = document.getElementById("undone");

// What was just answered is said once: a reload does not say it again.
if (/[?&](answered|kept)=/.test(location.search)) {
  const address = new URL(location.href);
  for (const name of ["answered", "after", "kept", "card"]) address.searchParams.delete(name);
  history.replaceState(null, "", address);
}

function press(card, key) {
  const control = card.querySelector(`[data-key="${key}"]`);
  if (!control) return;
  control.click();
  const panel = control.closest("details");
  if (control.tagName === "SUMMARY" && panel.open) {
    // The click opens it after this turn of the loop in some browsers, before it in others.
    // The words above the answers are only if one likes: keys go to the first answer.
    const first = panel.querySelector("[data-first]");
    const any = "button:not([hidden]), input:not([type=hidden]), textarea, select";
    setTimeout(() => (first || panel.querySelector(any)).focus(), 0);
  }
}

// "The facts are off" leads to the list of facts, in the panel beside it, and takes along what was typed.
for (const link of document.querySelectorAll("[data-facts]")) {
  link.addEventListener("click", (event) => {
    const facts = document.getElementById(link.hash.slice(1));
    if (!facts) return;
    event.preventDefault();
    facts.closest("details").open = true;
    const typed = link.closest("form")?.elements.why, words = facts.closest("form").elements.words;
    if (typed?.value && words && !words.value) words.value = typed.value;
    setTimeout(() => facts.querySelector("input:not([type=hidden]), select").focus(), 0);
  });
}
const faulty = document.querySelector("[aria-invalid]");
if (faulty) faulty.focus();

const tour = document.getElementById("tour");
const seen = "payoff.tour";

// Who has seen the tour in this browser: names with commas between them; "1" is everybody.
function remembered() {
  try {
    return (localStorage.getItem(seen) || "").split(",").filter(Boolean);
  } catch {
    return ["1"]; // no storage: do not greet anybody again and again
  }
}

if (tour) {
  const me = encodeURIComponent(tour.dataset.person);
  tour.addEventListener("close", () => {
    try {
      localStorage.setItem(seen, [...new Set([...remembered(), me])].join(","));
    } catch {
      // nothing to remember it in
    }
  });
  const known = remembered();
  if (!known.includes("1") && !known.includes(me) && cards.length) tour.showModal();
  for (const button of document.querySelectorAll("[data-help]")) {
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
  else if (event.key === "u" && undone) undone.querySelector("[data-undo]").click();
  else if (/^[1-5st]$/.test(event.key) && here >= 0) press(cards[here], event.key);
  else return;
  event.preventDefault();
});
