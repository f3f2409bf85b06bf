// After a decision: say it, offer to undo it, and put the reader at the next question.
import { say } from "./page.js";

const region = document.getElementById("review");
let asked = null;
let last = null;
let unsaid = false;

document.addEventListener("htmx:beforeRequest", (event) => {
  const { decide, undo } = event.detail.elt.dataset ?? {};
  if (!decide) return;
  const { action, elements } = event.detail.elt;
  asked = {
    words: decide,
    undo,
    url: action,
    revision: elements.revision.value,
    csrfmiddlewaretoken: elements.csrfmiddlewaretoken.value,
  };
});

// The server sends this with a decision that it took, not with one that it refused.
document.addEventListener("decided", () => {
  last = asked;
  asked = null;
  unsaid = last !== null;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== region) return;
  document.getElementById("question-title")?.focus();
  clear();
  if (!unsaid) return;
  unsaid = false;
  say(last.words, "success", [last.undo, undoLast]);
});

function clear() {
  document.querySelectorAll('#toasts [data-toast="success"]').forEach((toast) => toast.remove());
}

/** Reopen the question decided last and show it again. */
export function undoLast() {
  if (!last) return false;
  const { url, revision, csrfmiddlewaretoken } = last;
  last = null;
  clear();
  window.htmx.ajax("POST", url, {
    target: "#review",
    swap: "innerHTML",
    values: { decision: "proposed", revision, csrfmiddlewaretoken },
  });
  return true;
}

// Whoever asked to edit wants to type.
region.querySelector("#id_stem")?.focus();
