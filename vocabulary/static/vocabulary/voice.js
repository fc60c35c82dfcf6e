// Words said by a voice of this device, so that no word leaves it. Buttons with
// `data-say` say it, at `data-rate`, in the `data-language` of what they stand in.
// Whoever shows something new tells it by an event "lingo:shown" there.
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

  function say({ say, rate }, voice) {
    const spoken = new SpeechSynthesisUtterance(say);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    spoken.rate = Number(rate || 1);
    speechSynthesis.cancel();
    speechSynthesis.speak(spoken);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".listen");
    if (button) say(button.dataset, voiceFor(button));
  });
  document.addEventListener("lingo:shown", (event) => hear(event.target));
  window.speechSynthesis?.addEventListener?.("voiceschanged", () => hear(document));
  hear(document);
}
