// The reading sheet: verdicts by mouse or keyboard, kept by the browser, saved as CSV.
(() => {
  "use strict";
  const { sheet, columns } = document.documentElement.dataset;
  const articles = [...document.querySelectorAll("article")];
  const keeping = `examgen-sheet-${sheet}`;
  const keys = { k: "keep", e: "edit", r: "reject", u: "" };
  let here = -1;

  const radios = (article) => [...article.querySelectorAll("input[type=radio]")];
  const note = (article) => article.querySelector("input[type=text]");
  const verdict = (article) => radios(article).find((one) => one.checked)?.value ?? "";

  function count() {
    const rated = articles.filter(verdict).length;
    document.getElementById("count").textContent = `${rated} of ${articles.length} rated`;
  }

  function keep() {
    const all = articles.map((one) => [one.dataset.key, [verdict(one), note(one).value]]);
    try {
      localStorage.setItem(keeping, JSON.stringify(Object.fromEntries(all)));
    } catch {
      // A browser that keeps nothing for files: what is rated lasts as long as the page.
    }
    count();
  }

  function recall() {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(keeping)) ?? {};
    } catch {
      return;
    }
    for (const article of articles) {
      const [was, why] = kept[article.dataset.key] ?? ["", ""];
      for (const radio of radios(article)) radio.checked = radio.value === was;
      note(article).value = why;
    }
  }

  function look(index) {
    if (index < 0 || index >= articles.length) return;
    here = index;
    const { key } = articles[index].dataset;
    for (const one of document.querySelectorAll(".is-here")) one.classList.remove("is-here");
    articles[index].classList.add("is-here");
    for (const one of document.querySelectorAll(`rect[data-for="${key}"]`)) one.classList.add("is-here");
  }

  function go(index) {
    if (index < 0 || index >= articles.length) return;
    look(index);
    articles[index].focus({ preventScroll: true });
    articles[index].scrollIntoView({ block: "center" });
  }

  function unrated() {
    const after = articles.findIndex((one, index) => index > here && !verdict(one));
    return after >= 0 ? after : articles.findIndex((one) => !verdict(one));
  }

  function rate(value) {
    for (const radio of radios(articles[here])) radio.checked = radio.value === value;
    keep();
    if (value) go(here + 1);
  }

  // A cell that begins like a formula would be one where the file is opened.
  const cell = (text) => `"${text.replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;

  function save() {
    const names = columns.split(",");
    const rows = articles.map((one) => {
      const all = { ...one.dataset, verdict: verdict(one), note: note(one).value };
      return names.map((name) => cell(all[name])).join(",");
    });
    const file = new Blob([[columns, ...rows, ""].join("\r\n")], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `verdicts-${sheet}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input[type=text]")) return;
    if (event.key === "n") go(here + 1);
    else if (event.key === "p") go(here - 1);
    else if (event.key in keys && here >= 0) rate(keys[event.key]);
    else return;
    event.preventDefault();
  });
  document.addEventListener("input", keep);
  articles.forEach((article, index) => {
    article.addEventListener("focusin", () => look(index));
    article.addEventListener("click", () => look(index));
  });
  document.getElementById("save").addEventListener("click", save);
  document.getElementById("next").addEventListener("click", () => go(unrated()));
  recall();
  count();
})();
