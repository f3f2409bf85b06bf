// After a decision: say it, offer to undo it, and put the reader at the next question.
import { say } from "./page.js";

const region = document.getElementById("review");
let last = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const { decide, undo } = event.detail.elt.dataset ?? {};
  if (!decide) return;
  const { action, elements } = event.detail.elt;
  last = {
    words: decide,
    undo,
    url: action,
    revision: elements.revision.value,
    csrfmiddlewaretoken: elements.csrfmiddlewaretoken.value,
    pending: true,
  };
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target !== region) return;
  document.getElementById("question-title")?.focus();
  clear();
  if (!last?.pending) return;
  last.pending = false;
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
