// The review page: the keyboard, the answer without a reload. `voice.js` speaks.
"use strict";

const card = document.getElementById("card");
const announcement = document.getElementById("announcement");
const HOUR = 60 * 60 * 1000;
// What each key does.
const actions = {
  u: () => document.getElementById("undo")?.requestSubmit(),
};

if (card) review(card);

function review(card) {
  const shownAt = firstShown(card.dataset.card);

  // When this card was first shown, also where its answer is another page.
  function firstShown(name) {
    const [known, at] = (sessionStorage.getItem("lingo-review") || "").split(" ");
    if (known === name) return Number(at);
    const now = Date.now();
    sessionStorage.setItem("lingo-review", `${name} ${now}`);
    return now;
  }

  // The answer

  function answer() {
    return card.querySelector("[data-answer]");
  }

  function showAnswer() {
    const template = document.getElementById("answer");
    if (!template) return;
    document.getElementById("show").replaceWith(template.content.cloneNode(true));
    card.dispatchEvent(new Event("lingo:shown", { bubbles: true }));
    answer().focus();
    announcement.textContent = answer().innerText;
  }

  if (document.getElementById("answer")) {
    document.getElementById("show").addEventListener("submit", (event) => {
      event.preventDefault();
      showAnswer();
    });
  } else if (answer()) {
    answer().focus();
  }

  card.addEventListener("submit", (event) => {
    if (event.target.id !== "rate") return;
    const took = Math.min(Date.now() - shownAt, HOUR);
    event.target.elements.duration_ms.value = String(Math.max(took, 0));
  });

  function rate(button) {
    document.getElementById("rate").requestSubmit(button);
  }

  // What the keys do

  actions[" "] = () => {
    if (!answer()) showAnswer();
    else rate(card.querySelector("[data-suggested]"));
  };
  actions.e = () => document.getElementById("edit").click();
  actions.s = () => document.getElementById("suspend").requestSubmit();
  actions.l = () => card.querySelector(".listen:not([hidden])")?.click();
  for (const rating of ["1", "2", "3", "4"]) {
    actions[rating] = () => {
      const button = card.querySelector(`#rate [value="${rating}"][name="rating"]`);
      if (button) rate(button);
    };
  }
}

// The keys can be switched off: some people speak to their computer.
const KEYS_OFF = "lingo-review-keys-off";
const keysSwitch = document.getElementById("keys-switch");
let isOn = !localStorage.getItem(KEYS_OFF);

function showSwitch() {
  keysSwitch.hidden = false;
  keysSwitch.setAttribute("aria-pressed", String(isOn));
}

if (keysSwitch) {
  showSwitch();
  keysSwitch.addEventListener("click", () => {
    isOn = !isOn;
    if (isOn) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
    showSwitch();
  });
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  const isOther = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (!isOn || isTyping || isOther || event.repeat) return;
  // On a button or a link, the space bar is that one's own.
  if (event.key === " " && event.target.closest("button, a, summary")) return;
  const act = actions[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
