// Words said by a voice of this device, so that no word leaves it. Buttons say the
// `data-say` and speak the `data-language` of what they stand in, at their `data-rate`.
// Whoever shows something new tells it by an event "lingo:shown" there; htmx does itself.
"use strict";

{
  function voiceFor(part) {
    const language = part.closest("[data-language]")?.dataset.language;
    const voices = window.speechSynthesis ? speechSynthesis.getVoices() : [];
    return voices.find(
      (one) => one.localService && one.lang.replace("_", "-").split("-")[0] === language,
    );
  }

  // Show what a voice is needed for, where there is one.
  function hear(part) {
    const needs = ".listen, [data-with-voice], [data-without-voice]";
    for (const one of part.querySelectorAll(needs)) {
      if (voiceFor(one)) one.hidden = one.hasAttribute("data-without-voice");
    }
  }

  function say(button, voice) {
    const spoken = new SpeechSynthesisUtterance(button.closest("[data-say]").dataset.say);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    spoken.rate = Number(button.dataset.rate || 1);
    speechSynthesis.cancel();
    speechSynthesis.speak(spoken);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".listen");
    if (button) say(button, voiceFor(button));
  });
  document.addEventListener("lingo:shown", (event) => hear(event.target));
  document.addEventListener("htmx:afterSwap", () => hear(document));
  window.speechSynthesis?.addEventListener?.("voiceschanged", () => hear(document));
  hear(document);
}
