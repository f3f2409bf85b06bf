// Drop files anywhere on the page, see what was chosen, watch it being sent.
const form = () => document.querySelector("[data-upload]");
const zone = () => document.querySelector("[data-drop]");
let depth = 0;

function size(bytes) {
  const units = ["kilobyte", "megabyte"];
  const mega = bytes >= 1e6;
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "unit",
    unit: units[Number(mega)],
    maximumFractionDigits: mega ? 1 : 0,
  }).format(bytes / (mega ? 1e6 : 1e3));
}

function show() {
  const list = form().querySelector("[data-chosen]");
  const files = [...form().elements.lectures.files];
  list.replaceChildren(
    ...files.map((file) => {
      const row = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = file.name;
      const bytes = document.createElement("span");
      bytes.textContent = size(file.size);
      row.append(name, bytes);
      return row;
    }),
  );
  list.hidden = files.length === 0;
  zone().classList.toggle("is-chosen", files.length > 0);
  if (files.length) document.getElementById("upload-send").focus();
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-upload] input[type=file]")) show();
});
document.addEventListener("dragenter", (event) => {
  if (!zone() || !carriesFiles(event)) return;
  depth += 1;
  zone().classList.add("is-over");
});
document.addEventListener("dragleave", (event) => {
  if (!zone() || !carriesFiles(event)) return;
  depth = Math.max(0, depth - 1);
  if (depth === 0) zone().classList.remove("is-over");
});
document.addEventListener("dragover", (event) => {
  if (zone() && carriesFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!zone() || !carriesFiles(event)) return;
  event.preventDefault();
  depth = 0;
  zone().classList.remove("is-over");
  form().elements.lectures.files = event.dataTransfer.files;
  show();
});

const isUpload = (event) => event.detail.elt.matches?.("[data-upload]");

// Without room or without the store the answer is this page again, with the reason and
// all settings in it; whatever else says 503 must not take the form away.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, serverResponse, xhr } = event.detail;
  if (!requestConfig?.elt.matches("[data-upload]") || ![503, 507].includes(xhr.status)) return;
  if (!/<form[^>]*\sdata-upload/.test(serverResponse)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isUpload(event)) return;
  const label = document.querySelector("#upload-send span");
  label.textContent = label.parentElement.dataset.sending;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  if (!isUpload(event) || !event.detail.lengthComputable) return;
  const bar = form().querySelector("[data-progress]");
  bar.hidden = false;
  bar.value = Math.round((100 * event.detail.loaded) / event.detail.total);
});
