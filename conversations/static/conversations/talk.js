// The talk page: sending without a reload, and never losing what was typed.
"use strict";

const form = document.getElementById("message-form");
const log = document.getElementById("messages");

function toLatest() {
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

// The panel stands open where there is room for it.
if (window.matchMedia("(max-width: 1023px)").matches) {
  document.querySelector("[data-fold-on-phone]").open = false;
}

// Earlier messages come in above: what one reads stays where it is.
let heightBefore = null;
log.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.matches(".earlier")) {
    const isOk = event.detail.xhr.status === 200;
    event.detail.shouldSwap = isOk && arrivedFrom(event.detail);
    heightBefore = document.documentElement.scrollHeight;
  }
});
log.addEventListener("htmx:afterSwap", () => {
  if (heightBefore === null) return;
  window.scrollBy(0, document.documentElement.scrollHeight - heightBefore);
  heightBefore = null;
});

// What isn't the part with the words to use leads to the page itself, or to signing in.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id !== "woven") return;
  event.detail.shouldSwap = [200, 409].includes(xhr.status) && arrivedFrom(event.detail);
  if (!event.detail.shouldSwap) window.location.reload();
});

// Whether the answer is from the address asked, not from a sign-in page it led to.
function arrivedFrom(detail) {
  const asked = new URL(detail.pathInfo.finalRequestPath, location.href);
  return new URL(detail.xhr.responseURL).pathname === asked.pathname;
}

if (form) talk(form, form.elements.content);
const isElsewhere = new URLSearchParams(location.search).has("before");
if (!isElsewhere && !location.hash.startsWith("#message-")) toLatest();
if (form) makeRoom(form);

// Where the box grows, by a longer text or by what the browser can do, the messages
// make room for it, rather than lie behind it.
function makeRoom(form) {
  let height = form.offsetHeight;
  new ResizeObserver(() => {
    window.scrollBy(0, form.offsetHeight - height);
    height = form.offsetHeight;
  }).observe(form);
}

function talk(form, box) {
  const button = form.querySelector("[type=submit]");
  const refusal = document.getElementById("message-refusal");
  const key = form.dataset.draft;
  let sending = null; // the text on its way: {client_id, text}
  let attempt = null; // the last one that may or may not have arrived

  // The draft, kept for a reload: what is on its way, and what is typed.
  function keep() {
    const draft = { sending, attempt, client_id: clientId(), text: box.value };
    if (sending || box.value) localStorage.setItem(key, JSON.stringify(draft));
    else localStorage.removeItem(key);
  }

  function clientId() {
    return form.elements.client_id.value;
  }

  function isSaved(id) {
    return Boolean(document.querySelector(`[data-client-id="${CSS.escape(id)}"]`));
  }

  function restore() {
    const draft = JSON.parse(localStorage.getItem(key) || "null");
    if (!draft || box.value) return keep();
    if (draft.sending && !isSaved(draft.sending.client_id)) {
      attempt = draft.sending;
      form.elements.client_id.value = attempt.client_id;
      box.value = joined(attempt.text, draft.text);
    } else if (draft.sending) {
      box.value = draft.text;
    } else if (!isSaved(draft.client_id)) {
      attempt = draft.attempt;
      form.elements.client_id.value = draft.client_id;
      box.value = draft.text;
    }
    keep();
  }

  function joined(first, second) {
    return [first, second].filter(Boolean).join("\n");
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function refuse(name) {
    refusal.replaceChildren(document.getElementById(name).content.cloneNode(true));
  }

  // What is said and isn't saved yet, if anything is, and that the tutor is writing.
  function showPending(text) {
    const pending = document.getElementById("pending-message").content.cloneNode(true);
    if (text === null) pending.querySelector(".message.user").remove();
    else pending.querySelector(".said p").textContent = text;
    log.append(pending);
    toLatest();
  }

  // A slow tutor's answer comes as server-sent events: drafts of the reply, then the turn.
  function streamed(xhr, name) {
    const kind = xhr.getResponseHeader("Content-Type") || "";
    if (!kind.startsWith("text/event-stream")) return null;
    const start = `event: ${name}\ndata: `;
    const events = xhr.responseText.split("\n\n").slice(0, -1);
    const last = events.filter((event) => event.startsWith(start)).pop();
    return last ? JSON.parse(last.slice(start.length)) : {};
  }

  function showDraft(xhr) {
    const typing = log.querySelector(".pending .typing");
    const text = typing && streamed(xhr, "draft")?.text;
    if (!text) return;
    const said = document.getElementById("draft-message").content.cloneNode(true);
    said.querySelector("p").textContent = text;
    typing.replaceChildren(said);
    typing.classList.add("drafted");
    toLatest();
  }

  function hidePending() {
    log.querySelector(".pending")?.remove();
  }

  function wait(isWaiting) {
    button.disabled = isWaiting;
    if (isWaiting) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }

  box.addEventListener("input", keep);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!button.disabled) form.requestSubmit();
  });
  form.querySelector(".keys-hint").hidden = false;

  form.addEventListener("htmx:configRequest", (event) => {
    const text = event.detail.parameters.get
      ? event.detail.parameters.get("content")
      : event.detail.parameters.content;
    // Text changed after a try that may have arrived is another message.
    if (attempt && attempt.client_id === clientId() && attempt.text !== text) {
      form.elements.client_id.value = newId();
      event.detail.parameters.client_id = clientId();
    }
    sending = { client_id: clientId(), text };
  });

  document.body.addEventListener("htmx:configRequest", (event) => {
    if ("streams" in event.detail.elt.dataset) {
      event.detail.headers.Accept = "text/event-stream";
    }
  });

  form.addEventListener("htmx:beforeSend", (event) => {
    const { xhr } = event.detail;
    xhr.addEventListener("progress", () => showDraft(xhr));
    box.value = "";
    refusal.replaceChildren();
    document.getElementById("announcement").replaceChildren();
    keep();
    wait(true);
    showPending(sending.text);
  });

  // The server's word that this message is saved.
  document.body.addEventListener("lingo:said", (event) => {
    if (sending && event.detail.client_id === sending.client_id) {
      sending = attempt = null;
      hidePending();
      log.querySelector(".empty")?.remove();
    }
  });

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig.elt !== form) return;
    const isPart = xhr.getResponseHeader("HX-Retarget") || !sending;
    event.detail.shouldSwap = Boolean(isPart) && arrivedFrom(event.detail);
    const turn = streamed(xhr, "turn");
    if (turn) event.detail.serverResponse = turn.html || "";
    if (event.detail.shouldSwap) return;
    refuse(arrivedFrom(event.detail) ? "failed" : "signed-out");
  });

  form.addEventListener("htmx:sendError", () => refuse("unreachable"));
  form.addEventListener("htmx:timeout", () => refuse("unreachable"));

  form.addEventListener("htmx:afterRequest", () => {
    wait(false);
    hidePending();
    if (sending) {
      attempt = sending;
      sending = null;
      box.value = joined(attempt.text, box.value);
    }
    keep();
    box.focus();
    toLatest();
  });

  // Asking for an answer once more, or waiting for one that is being written. The form
  // goes with its answer, so events come from what it stood in.
  function isAgain(event) {
    return event.detail.requestConfig.elt.matches("[data-again]");
  }
  log.addEventListener("htmx:beforeSend", (event) => {
    if (!isAgain(event)) return;
    const { xhr } = event.detail;
    xhr.addEventListener("progress", () => showDraft(xhr));
    refusal.replaceChildren();
    wait(true);
    showPending(null);
  });
  log.addEventListener("htmx:beforeSwap", (event) => {
    if (!isAgain(event)) return;
    event.detail.shouldSwap = arrivedFrom(event.detail);
    const turn = streamed(event.detail.xhr, "turn");
    if (turn) event.detail.serverResponse = turn.html || "";
    if (!event.detail.shouldSwap) refuse("signed-out");
  });
  log.addEventListener("htmx:sendError", (event) => {
    if (isAgain(event)) refuse("unreachable");
  });
  log.addEventListener("htmx:afterRequest", (event) => {
    if (!isAgain(event)) return;
    wait(false);
    hidePending();
    if (log.querySelector(".message")) log.querySelector(".empty")?.remove();
    if (event.detail.requestConfig.triggeringEvent?.type === "submit") box.focus();
    toLatest();
  });

  restore();
}
