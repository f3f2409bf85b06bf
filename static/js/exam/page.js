// A page of an exam: saved while it is answered, and closed when its time is over.
import { keepSaved, valueOf } from "./autosave.js";
import { clock, follow } from "./standing.js";

const form = document.getElementById("page");
const status = document.querySelector("[data-status]");
const text = status.querySelector("[data-status-text]");
let shown = "";

function show(state, words = "") {
  // Said once: a link that is drawn anew cannot be clicked.
  if (state === "signedOut" && shown === state) return;
  shown = state;
  const calm = state === "saved" || state === "saving";
  status.classList.toggle("is-ok", state === "saved");
  status.classList.toggle("is-trouble", !calm);
  const said = status.dataset[state];
  if (state === "saved") {
    mark();
    // The time is for those who have room for it.
    text.replaceChildren(
      span("d-sm-none", status.dataset.savedShort),
      span("d-none d-sm-inline", said.replace("{time}", clock(new Date()))),
    );
    return;
  }
  text.textContent = said + (words && ` ${words}`);
  if (state !== "signedOut") return;
  const link = document.createElement("a");
  link.href = status.dataset.signInUrl;
  link.target = "_blank";
  link.textContent = status.dataset.signIn;
  text.append(" ", link);
}

// The navigator shows what is stored, by shape and in words.
function mark() {
  const here = document.querySelector(".eg-cell[aria-current]");
  const value = valueOf(form);
  const given = typeof value === "object" ? value && Object.keys(value).length : String(value).trim();
  here.classList.toggle("is-answered", Boolean(given));
  here.setAttribute("aria-label", given ? here.dataset.with : here.dataset.without);
  const cells = document.querySelectorAll(".eg-navigator .eg-cell");
  const answered = [...cells].filter((cell) => cell.matches(".is-answered")).length;
  const counts = { answered, open: cells.length - answered };
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = count.dataset.words.replace("{n}", counts[count.dataset.count]);
  }
}

function span(css, words) {
  const made = document.createElement("span");
  made.className = css;
  made.textContent = words;
  return made;
}

const standing = follow(form, {
  last: () => saver.send(),
  signedOut: () => saver.unsent() && show("signedOut"),
});
const saver = keepSaved(form, { show, ...standing });

// An order is changed on the page itself; the buttons work as form buttons too.
const order = form.querySelector("[data-order]");

function settle() {
  const rows = [...order.querySelectorAll("li")];
  for (const [place, row] of rows.entries()) {
    const [up, down] = row.querySelectorAll("button");
    up.disabled = place === 0;
    down.disabled = place === rows.length - 1;
  }
}

function touched() {
  form.elements.untouched?.remove();
  order.querySelector("[data-untouched]")?.remove();
}

order?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  event.preventDefault();
  touched();
  if (button.name === "move") {
    const row = button.closest("li");
    if (button.value.endsWith(":up")) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    settle();
    const other = [...row.querySelectorAll("button")].find((candidate) => !candidate.disabled);
    (button.disabled ? other : button).focus();
  } else {
    order.querySelector("li button:not(:disabled)").focus();
  }
  saver.send();
});
