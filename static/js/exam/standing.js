// How the attempt stands: asked of the server now and then, and what the page makes of it.
// The time that is left is counted in minutes, silent but for four words.
const EVERY = 20_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SPOKEN = [10, 5, 1];
const HIDDEN = "examgen-hide-time";

const announcements = document.querySelector("[data-announcements]");

export const clock = (date) =>
  date.toLocaleTimeString(document.documentElement.lang, { hourCycle: "h23" });

const isOver = (reply) => Date.parse(reply.ends) <= Date.parse(reply.server_now);

/**
 * Keeps the page of `form` at what the server says. `last` sends what is unsent before
 * the end; `signedOut` hears that nobody is signed in any more.
 */
export function follow(form, { last, signedOut } = {}) {
  const token = form.elements.csrfmiddlewaretoken;
  let heard = performance.now();
  let ending = null;
  let gone = false;

  function hear(reply) {
    heard = performance.now();
    // Said again, it would only begin anew to leave.
    if (gone) return;
    if (reply.state !== "open") {
      gone = true;
      window.location.assign(reply.next);
      return;
    }
    move(reply);
    const known = (row) => announcements.querySelector(`[data-announcement="${row.id}"]`);
    for (const row of reply.announcements.filter((row) => !known(row))) announce(row);
    if (isOver(reply)) end();
  }

  /** Ask how it stands; brings a new token after a sign-in elsewhere. */
  async function ask() {
    try {
      const response = await fetch(form.dataset.answers);
      if (response.status === 401) signedOut?.();
      if (!response.ok) return null;
      const reply = await response.json();
      token.value = reply.token;
      hear(reply);
      return reply;
    } catch {
      // The next try will tell.
      return null;
    }
  }

  end = () => {
    ending ??= finish().finally(() => {
      ending = null;
    });
  };

  // More time may have been given than this page has heard of: it asks before it ends
  // anything, and says that nobody pressed a button, so that the server's clock decides.
  async function finish() {
    await last?.();
    const reply = await ask();
    if (gone || !reply || !isOver(reply)) return;
    const response = await fetch(form.dataset.submit, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
      body: JSON.stringify({ protocol: 1, auto: true, items: [] }),
    }).catch(() => null);
    // Whatever this says, the server closes by its own clock.
    if (response?.ok) hear(await response.json());
  }

  // Without a word for a while, ask: time may be added, the session stays alive.
  (function beat() {
    const wait = EVERY * (0.75 + Math.random() / 2);
    setTimeout(() => {
      if (!document.hidden && performance.now() - heard > EVERY / 2) ask();
      beat();
    }, wait);
  })();

  // Nobody asks for a page that nobody sees, so it may have missed much.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  // Not before the page is ready for the end, in case that is now.
  queueMicrotask(count);

  return { hear, ask };
}

function announce(row) {
  const note = document.createElement("div");
  note.className = "eg-note mb-4";
  note.dataset.announcement = row.id;
  const from = document.createElement("strong");
  from.textContent = announcements.dataset.from.replace("{time}", clock(new Date(row.at)));
  const words = document.createElement("p");
  words.dir = "auto";
  words.textContent = row.text;
  note.append(from, words);
  announcements.append(note);
}

// The time that is left

const timer = document.querySelector("[data-timer]");
const button = document.querySelector("[data-timer-switch]");
const said = document.querySelector("[data-said]");
const text = timer.querySelector("[data-timer-text]");
const words = timer.dataset;
const start = Date.parse(words.start);

// Not a number while nothing ends the attempt.
let ends = Date.parse(words.ends);
let until = text.textContent;
// Intervals by a clock that nobody can set.
let offset = Date.parse(words.now) - performance.now();
let before = Infinity;
let over = false;
let hidden = remembered();
let next = 0;
let end = () => {};

function count() {
  clearTimeout(next);
  const endless = Number.isNaN(ends);
  button.hidden = endless;
  text.hidden = hidden && !endless;
  // Its name is what it does next, so it is not pressed as well. Phones show an icon.
  const name = hidden ? button.dataset.show : button.dataset.hide;
  button.lastElementChild.textContent = name;
  button.setAttribute("aria-label", name);
  if (endless) {
    text.textContent = words.none;
    return;
  }
  const left = ends - (performance.now() + offset);
  text.textContent = spell(left);
  speak(left);
  before = left;
  // Seconds are shown in the last five minutes alone.
  next = setTimeout(count, left > 5 * MINUTE ? Math.min(left % MINUTE || MINUTE, MINUTE) : 500);
  const ended = left <= 0 && !over;
  over = left <= 0;
  if (ended) end();
}

function spell(left) {
  if (left <= 0) return words.over;
  if (left > DAY) return until;
  const minutes = Math.ceil(left / MINUTE);
  if (minutes >= 100) {
    const filled = words.hours.replace("{h}", Math.floor(minutes / 60));
    return filled.replace("{n}", minutes % 60);
  }
  if (minutes > 5) return words.minutes.replace("{n}", minutes);
  const seconds = Math.ceil(left / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function speak(left) {
  if (before === Infinity) return;
  const passed = (mark) => left <= mark && before > mark;
  const minutes = SPOKEN.find((number) => passed(number * MINUTE));
  if (minutes) said.textContent = minutes === 1 ? words.last : words.left.replace("{n}", minutes);
  else if (passed((ends - start) / 2)) said.textContent = words.half;
}

// More time comes with the next word of the server, and so does an end where none was.
function move(reply) {
  // A server of the release before knows deadlines alone.
  const { ends: end = reply.deadline } = reply;
  offset = Date.parse(reply.server_now) - performance.now();
  if (!Object.is(Date.parse(end), ends)) {
    ends = Date.parse(end);
    until = reply.until ?? "";
    // A mark that lies between the old end and the new one has not been passed.
    before = Infinity;
    said.textContent = words.moved.replace("{until}", until || words.none);
  }
  count();
}

function remembered() {
  try {
    return sessionStorage.getItem(HIDDEN) === "1";
  } catch {
    // Without storage it holds for this page.
    return false;
  }
}

button.addEventListener("click", () => {
  hidden = !hidden;
  try {
    sessionStorage.setItem(HIDDEN, hidden ? "1" : "");
  } catch {
    // As above.
  }
  count();
});
