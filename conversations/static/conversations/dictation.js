// Speech turned into text by the browser, where it can; it is offered nowhere else, and
// says whether the browser does it on this device. Nothing is sent from here.
"use strict";

{
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  // The languages as browsers name them: Portuguese is that of Brazil.
  const TAGS = { pt: "pt-BR" };
  const REASONS = {
    "not-allowed": "The browser didn’t allow the microphone.",
    "service-not-allowed": "The browser didn’t allow dictation.",
    "audio-capture": "No microphone was found.",
    "language-not-supported": "The browser can’t do this language.",
    network: "The browser couldn’t reach what it recognises speech with.",
    "no-speech": "Nothing was heard.",
  };

  async function isOnDevice(language) {
    try {
      const options = { langs: [language], processLocally: true };
      return (await Recognition.available?.(options)) === "available";
    } catch {
      return false;
    }
  }

  async function offer(part) {
    const button = part.querySelector("button");
    const label = button.querySelector("span");
    const status = part.querySelector("[role=status]");
    const box = document.getElementById(part.dataset.into);
    const language = TAGS[part.dataset.language] || part.dataset.language;
    const isLocal = await isOnDevice(language);
    let listening = null;

    function show(isOn) {
      button.setAttribute("aria-pressed", String(isOn));
      label.textContent = isOn ? "Stop" : "Dictate";
    }

    function stopped() {
      listening = null;
      show(false);
    }

    function start() {
      const recognition = new Recognition();
      recognition.lang = language;
      recognition.interimResults = false;
      if (isLocal) recognition.processLocally = true;
      recognition.addEventListener("result", (event) => {
        const heard = Array.from(event.results)
          .slice(event.resultIndex)
          .filter((result) => result.isFinal)
          .map((result) => result[0].transcript.trim());
        box.value = [box.value.trim(), ...heard].filter(Boolean).join(" ");
        box.dispatchEvent(new Event("input", { bubbles: true }));
        status.textContent = "";
        box.focus();
      });
      recognition.addEventListener("error", (event) => {
        status.textContent = REASONS[event.error] || "Dictation failed.";
      });
      recognition.addEventListener("end", stopped);
      status.textContent = "";
      try {
        recognition.start();
      } catch {
        status.textContent = "Dictation failed.";
        return;
      }
      listening = recognition;
      show(true);
    }

    button.addEventListener("click", () => (listening ? listening.stop() : start()));
    part.querySelector(isLocal ? "[data-on-device]" : "[data-elsewhere]").hidden = false;
    part.hidden = false;
  }

  if (Recognition) {
    for (const part of document.querySelectorAll(".dictation")) offer(part);
  }
}
