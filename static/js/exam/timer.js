// The time that is left: in minutes, by the server's clock, silent but for four words.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SPOKEN = [10, 5, 1];
const HIDDEN = "examgen-hide-time";

const timer = document.querySelector("[data-timer]");
const button = document.querySelector("[data-timer-switch]");
const said = document.querySelector("[data-said]");

if (timer) run();

function run() {
  const text = timer.querySelector("[data-timer-text]");
  const words = timer.dataset;
  const fallback = text.textContent;
  const start = Date.parse(words.start);
  let deadline = Date.parse(words.deadline);
  // Intervals by a clock that nobody can set.
  let offset = Date.parse(words.now) - performance.now();
  let before = Infinity;

  function show() {
    const left = deadline - (performance.now() + offset);
    text.textContent = spell(left);
    speak(left);
    if (left <= 0 && before > 0) {
      document.dispatchEvent(new CustomEvent("exam:over"));
      document.getElementById("hand-in")?.requestSubmit();
    }
    before = left;
    // Seconds are shown in the last five minutes alone.
    setTimeout(show, left > 5 * MINUTE ? Math.min(left % MINUTE || MINUTE, MINUTE) : 500);
  }

  function spell(left) {
    if (left <= 0) return words.over;
    if (left > DAY) return fallback;
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
    if (before === Infinity || !said) return;
    const passed = (mark) => left <= mark && before > mark;
    const minutes = SPOKEN.find((number) => passed(number * MINUTE));
    if (minutes) said.textContent = minutes === 1 ? words.last : words.left.replace("{n}", minutes);
    else if (passed((deadline - start) / 2)) said.textContent = words.half;
  }

  // An extension comes with the next word of the server.
  document.addEventListener("exam:standing", ({ detail }) => {
    if (!detail.deadline) return;
    deadline = Date.parse(detail.deadline);
    offset = Date.parse(detail.server_now) - performance.now();
  });

  function hide(hidden) {
    text.hidden = hidden;
    button.setAttribute("aria-pressed", hidden);
    button.textContent = hidden ? button.dataset.show : button.dataset.hide;
    try {
      sessionStorage.setItem(HIDDEN, hidden ? "1" : "");
    } catch {
      // Without storage it holds for this page.
    }
  }

  let hidden = false;
  try {
    hidden = sessionStorage.getItem(HIDDEN) === "1";
  } catch {
    // As above.
  }
  button.hidden = false;
  hide(hidden);
  button.addEventListener("click", () => hide(!text.hidden));
  show();
}
