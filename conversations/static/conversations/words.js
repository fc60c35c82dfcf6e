// Words in messages: a click, or Enter, shows what is known of one beside the talk.
// Without it each word leads to a page that shows the same.

const STATES = ["new", "learning", "known", "ignored"];
const dialog = document.getElementById("word-dialog");
let opener = null; // the word in a message that the dialog was opened from
let asked = ""; // the address that the dialog shows, or waits for

// In each message one word at a time is a link: the one that the Tab key stops at. The
// others are text, so that a sentence can be selected, and is read out in one go.
function settle() {
  for (const word of document.querySelectorAll(".message a.word[tabindex='-1'][href]")) {
    rest(word);
  }
  for (const word of document.querySelectorAll(".message a.word[href]")) {
    word.draggable = false;
  }
}

function rest(word) {
  word.dataset.href = word.href;
  word.removeAttribute("href");
  word.removeAttribute("tabindex");
}

function goTo(word) {
  const stop = word.closest(".message").querySelector("a.word[href]");
  if (stop !== word) {
    rest(stop);
    word.href = word.dataset.href;
    word.draggable = false;
  }
  word.focus();
}

// The word that a key leads to from this one, if there is one.
function neighbour(word, key) {
  const words = Array.from(word.closest(".message").querySelectorAll("a.word"));
  const isRightToLeft = getComputedStyle(word.closest("p")).direction === "rtl";
  const next = isRightToLeft ? "ArrowLeft" : "ArrowRight";
  const before = isRightToLeft ? "ArrowRight" : "ArrowLeft";
  if (key === "Home") return words[0];
  if (key === "End") return words.at(-1);
  return words[words.indexOf(word) + { [next]: 1, [before]: -1 }[key]];
}

async function show(address, options = {}) {
  const body = dialog.querySelector(".word-body");
  asked = address;
  body.setAttribute("aria-busy", "true");
  if (!dialog.open) {
    body.replaceChildren();
    dialog.showModal();
  }
  const part = await fetched(address, options);
  if (asked !== address || !dialog.open) return; // another word was asked for since
  body.removeAttribute("aria-busy");
  if (part === null) {
    body.replaceChildren(dialog.querySelector("template").content.cloneNode(true));
    body.querySelector("a").href = address;
    return;
  }
  body.innerHTML = part;
  showKeys(body);
  body.dispatchEvent(new Event("lingo:shown", { bubbles: true }));
  dialog.scrollTop = 0;
  body.querySelector("h2").focus();
  mark(body.firstElementChild.dataset);
}

// The part of the page at the address, or null where there is none, as after signing
// out. It is kept out of the browser's cache, which would take it for the page.
async function fetched(address, options) {
  try {
    const answer = await fetch(address, {
      ...options,
      headers: { "HX-Request": "true" },
      cache: "no-store",
    });
    const isPart = !answer.redirected && (answer.ok || answer.status === 422);
    return isPart ? await answer.text() : null;
  } catch {
    return null;
  }
}

// Where messages tell words apart, they tell this one as it now is.
function mark({ lemma, state }) {
  const same = `.message a.word[data-lemma="${CSS.escape(lemma)}"]`;
  for (const word of document.querySelectorAll(same)) {
    if (!STATES.some((name) => word.classList.contains(name))) continue;
    word.classList.remove(...STATES);
    word.classList.add(state);
  }
}

function showKeys(part) {
  for (const key of part.querySelectorAll("kbd[hidden]")) key.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const word = event.target.closest(".message a.word");
  const other = word && neighbour(word, event.key);
  if (other) {
    event.preventDefault();
    goTo(other);
  }
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "a" || isTyping) return;
  const part = document.querySelector(dialog ? "dialog[open] .word-panel" : ".word-panel");
  part?.querySelector("[aria-keyshortcuts='a']")?.click();
});

if (dialog) {
  settle();
  document.body.addEventListener("htmx:afterSwap", settle);

  document.addEventListener("click", (event) => {
    const word = event.target.closest("a.word");
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!word || !isPlain) return;
    event.preventDefault();
    if (!getSelection().isCollapsed) return; // text was selected, no word chosen
    if (word.closest(".message")) {
      goTo(word);
      opener = word;
    }
    show(word.href);
  });

  dialog.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    event.preventDefault();
    const form = new FormData(event.target);
    form.set(event.submitter.name, event.submitter.value);
    show(event.target.action, { method: "POST", body: form });
  });

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside what it shows
  });

  dialog.addEventListener("close", () => opener?.focus());
} else {
  showKeys(document);
}
