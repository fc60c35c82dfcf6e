// What every page does a little better with JavaScript. No page needs it.
"use strict";

// On signing up: the browser knows the time zone.
for (const input of document.querySelectorAll("[data-browser-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = Array.from(input.list.options, (option) => option.value);
  if (input.value === "UTC" && known.includes(zone)) input.value = zone;
}

// On signing out: unsent texts don't stay for whoever sits down next.
for (const form of document.querySelectorAll("[data-forget-drafts]")) {
  form.addEventListener("submit", () => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("lingo-draft:")) localStorage.removeItem(key);
    }
  });
}

// Menus close with Escape, and with a click elsewhere.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.dropdown[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.dropdown[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
