// "All on this page" shows what it does: it ticks each word, and a word unticks it.
"use strict";

const all = document.querySelector("input[name=all]");
const each = document.querySelectorAll("input[name=pk]");

all?.addEventListener("change", () => {
  for (const box of each) box.checked = all.checked;
});
for (const box of each) {
  box.addEventListener("change", () => {
    all.checked = Array.from(each).every((one) => one.checked);
  });
}
