// Saves the answer on the page while it is given. The form itself saves as well, so all
// that could be lost with this script is what nobody has yet sent by a button.
const QUIET = 800;
const LONGEST_WAIT = 2_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const LONGEST_HOLD = 2_000;
const TAB = Math.random().toString(36).slice(2, 10);

/** What the controls on the page stand for, as the server stores it. */
export function valueOf(form) {
  const all = (selector) => [...form.querySelectorAll(selector)];
  const chosen = all('[name="answer"]:checked').map((input) => input.value);
  switch (form.dataset.kind) {
    case "single_choice":
      return chosen[0] ?? null;
    case "true_false":
      return chosen.length ? chosen[0] === "true" : null;
    case "multiple_choice":
      return chosen;
    case "matching":
      return Object.fromEntries(
        all("[data-left]").filter((box) => box.value).map((box) => [box.dataset.left, box.value]),
      );
    case "ordering":
      if (form.elements.untouched) return null;
      return all('[name="answer"]').map((input) => input.value);
    default:
      return form.elements.answer.value;
  }
}

/**
 * Keeps `form` saved; tells `show(state, words)` and `hear(reply)` what happens, and has
 * `ask()` bring a new token.
 */
export function keepSaved(form, { show, hear, ask }) {
  const { question, version, csrfmiddlewaretoken } = form.elements;
  let stored = JSON.stringify(valueOf(form));
  let refused = null;
  let sending = null;
  let inFlight = null;
  let sent = Number(version.value);
  let typedSince = 0;
  let timer = 0;
  let pause = FIRST_PAUSE;
  let leaving = false;
  let trying = false;
  let holding = false;
  let closed = false;

  const unsent = () => {
    const text = JSON.stringify(valueOf(form));
    return closed || text === stored || text === refused ? null : text;
  };

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function post(text, options = {}) {
    const v = Number(version.value) + 1;
    sent = Math.max(sent, v);
    const at = new Date().toISOString();
    const items = [{ q: question.value, v, value: JSON.parse(text), at }];
    return fetch(form.dataset.answers, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfmiddlewaretoken.value },
      body: JSON.stringify({ protocol: 1, tab: TAB, items }),
      ...options,
    });
  }

  /** Send what is unsent; resolves when it is stored, refused or to be tried again. */
  function send() {
    clearTimeout(timer);
    typedSince = 0;
    sending ??= attempt().finally(() => {
      sending = null;
      inFlight = null;
    });
    return sending;
  }

  async function attempt() {
    // A form that waits to leave brings what came after the answer that is under way.
    for (let text = unsent(); text && !holding; text = unsent()) {
      // What went wrong stays to be read until it is mended.
      if (!trying) show("saving");
      inFlight = text;
      let response;
      try {
        response = await post(text);
      } catch {
        show("offline");
        return again();
      }
      const reply = await response.json().catch(() => ({}));
      if (!response.ok) return trouble(response, reply, text);
      pause = FIRST_PAUSE;
      trying = false;
      take(reply, text);
    }
  }

  function take(reply, text) {
    const [item] = reply.items;
    if (item.status === "invalid") {
      refused = text;
      show("failed", item.title);
    } else if (item.status === "stale") {
      // Another tab was ahead; who types here now wins with the next version.
      version.value = item.v;
    } else if (item.status === "closed") {
      // It is kept apart, and nothing that comes after it could be more.
      closed = true;
    } else {
      version.value = item.v;
      stored = text;
      refused = null;
      show("saved");
    }
    hear(reply);
  }

  async function trouble(response, reply, text) {
    if (reply.code === "csrf") {
      await ask();
      return again();
    }
    if (response.status === 401) {
      show("signedOut");
      return again(LONGEST_PAUSE);
    }
    if (response.status === 429 || response.status >= 500) {
      show("one");
      return again(1000 * Number(response.headers.get("Retry-After")) || 0);
    }
    refused = text;
    show("failed", reply.title ?? "");
  }

  function again(wait = 0) {
    trying = true;
    pause = Math.min(2 * pause, LONGEST_PAUSE);
    later(Math.max(wait, pause * Math.random(), FIRST_PAUSE));
  }

  form.addEventListener("change", send);
  form.addEventListener("input", (event) => {
    if (!event.target.matches("textarea, input[type=text]")) return;
    typedSince ||= performance.now();
    const waited = performance.now() - typedSince;
    later(Math.max(0, Math.min(QUIET, LONGEST_WAIT - waited)));
  });
  form.addEventListener("submit", (event) => {
    // An answer that is under way and no longer on the page must not arrive after the
    // form, nor pass for one of another tab: the form waits to know its version.
    if (inFlight && inFlight !== JSON.stringify(valueOf(form)) && !leaving) {
      event.preventDefault();
      hold(event.submitter);
      return;
    }
    leaving = true;
  });
  // For whatever is still under way then: the server puts the form above it.
  form.addEventListener("formdata", ({ formData }) => {
    formData.set("tab", TAB);
    formData.set("sent", sent);
  });

  async function hold(submitter) {
    if (holding) return;
    holding = true;
    await Promise.race([sending, new Promise((done) => setTimeout(done, LONGEST_HOLD))]);
    holding = false;
    leaving = true;
    form.requestSubmit(submitter);
  }

  const parting = () => {
    const text = unsent();
    // A form on its way carries the answer itself.
    if (text && !leaving) post(text, { keepalive: true }).catch(() => {});
  };
  window.addEventListener("pagehide", parting);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) parting();
  });
  window.addEventListener("online", send);

  return { send, unsent };
}
