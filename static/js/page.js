// What every page does: polls only while seen, toasts that leave, errors in words.
const SLOW_AFTER = 60_000;
const EVERY_NTH = 3;
const TOAST_STAYS = 10_000;

const opened = Date.now();
const toasts = document.getElementById("toasts");
let polls = 0;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.hasAttribute("data-poll")) return;
  polls += 1;
  const slow = Date.now() - opened > SLOW_AFTER && polls % EVERY_NTH !== 0;
  if (document.hidden || slow) event.preventDefault();
});

// A whole page where a fragment was expected: the address moved on, so do we.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, serverResponse, xhr } = event.detail;
  if (requestConfig?.elt.closest("[hx-select]") || !/^\s*<!doctype/i.test(serverResponse ?? "")) return;
  event.detail.shouldSwap = false;
  window.location.assign(xhr.responseURL || window.location.href);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const words = event.detail.elt.getAttribute?.("data-said");
  if (words) document.getElementById("said").textContent = words;
  settle();
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    // A poll simply asks again; only what somebody did needs an answer.
    if (!event.detail.elt.hasAttribute("data-poll")) say(toasts.dataset.failed, "error");
  });
}

for (const [name, busy] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.addEventListener(name, (event) => {
    if (!event.detail.elt.hasAttribute("data-poll")) event.detail.target?.setAttribute("aria-busy", busy);
  });
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();
});

/** Show a toast; `action` is an optional [label, function] for a button in it. */
export function say(words, level = "success", action = null) {
  const toast = document.createElement("div");
  toast.className = level === "error" ? "eg-toast is-bad" : "eg-toast";
  toast.dataset.toast = level;
  const text = document.createElement("span");
  text.textContent = words;
  toast.append(text);
  if (action) {
    const [label, act] = action;
    toast.append(button(label, () => { toast.remove(); act(); }));
  }
  const close = button("×", () => toast.remove());
  close.setAttribute("aria-label", toasts.dataset.close);
  toast.append(close);
  toasts.append(toast);
  settle();
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-ghost btn-sm";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

// Good news leaves by itself, unless somebody is at it; errors wait for their reader.
function settle() {
  for (const toast of toasts.querySelectorAll('[data-toast]:not([data-toast="error"], [data-toast="warning"], [data-settled])')) {
    toast.dataset.settled = "";
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, TOAST_STAYS);
      else toast.remove();
    };
    setTimeout(leave, TOAST_STAYS);
  }
}

settle();
