// Single keys for reviewing. Never while typing, and not at all once switched off.
import { undoLast } from "./review.js";

const OFF = "examgen-keys-off";
const help = document.querySelector("[data-keys-help]");
const toggle = document.querySelector("[data-keys-switch]");

const typing = (target) =>
  target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function remembered() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true;
  }
}

toggle.checked = remembered();
document.documentElement.classList.toggle("is-keyless", !toggle.checked);
toggle.addEventListener("change", () => {
  document.documentElement.classList.toggle("is-keyless", !toggle.checked);
  try {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Without storage the choice lasts as long as the page.
  }
});

document.addEventListener("keydown", (event) => {
  if (!toggle.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat || typing(event.target)) return;
  if (event.key === "?") {
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
    event.preventDefault();
    return;
  }
  const key = event.key.toLowerCase();
  const control = /^[a-z]$/.test(key) && document.querySelector(`#review [data-key="${key}"]`);
  if (control) {
    event.preventDefault();
    control.click();
  } else if (key === "u" && undoLast()) {
    event.preventDefault();
  }
});
