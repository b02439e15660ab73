// The new-draft form: choose, drag in or paste pictures, see them, describe each, take one out again.
// The form itself is sent by the browser; without this module it still works.

const form = document.querySelector("[data-new-draft]");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector(".drop");
const list = form.querySelector("[data-chosen]");
const row = form.querySelector("[data-row]");
const told = form.querySelector("[data-told]");
const most = Number(form.dataset.maxPictures);
const mostBytes = Number(form.dataset.maxPictureBytes);
const mostTogether = Number(form.dataset.maxRequestBytes);

let chosen = []; // { file, element }, in the order of the post

for (const element of form.querySelectorAll("[data-without-script]")) element.remove();
for (const element of form.querySelectorAll("[data-with-script]")) element.hidden = false;
drop.classList.add("ready");

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

function sameFile(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

/** Put the chosen files into the form's own field, so that they are sent in this order. */
function keep() {
  const transfer = new DataTransfer();
  for (const { file } of chosen) transfer.items.add(file);
  input.files = transfer.files;
}

function number() {
  chosen.forEach(({ element }, at) => {
    element.querySelector("[data-number]").textContent = `Picture ${at + 1}`;
    element.querySelector("[data-alt-label]").textContent = `What picture ${at + 1} shows`;
    element.querySelector("[data-remove]").setAttribute("aria-label", `Take picture ${at + 1} out again`);
  });
}

function remove(element) {
  const at = chosen.findIndex((each) => each.element === element);
  chosen.splice(at, 1);
  element.remove();
  keep();
  number();
  told.textContent = chosen.length ? `${count(chosen.length)} in this draft.` : "No pictures in this draft.";
  const next = chosen[Math.min(at, chosen.length - 1)];
  (next ? next.element.querySelector("[data-remove]") : input).focus();
}

function count(pictures) {
  return pictures === 1 ? "1 picture" : `${pictures} pictures`;
}

function show(file) {
  const element = row.content.firstElementChild.cloneNode(true);
  const image = element.querySelector("[data-thumb]");
  const address = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(address));
  image.addEventListener("error", () => {
    URL.revokeObjectURL(address);
    image.parentElement.classList.add("blank");
  });
  image.src = address;
  element.querySelector("[data-name]").textContent = file.name;
  element.querySelector("[data-remove]").addEventListener("click", () => remove(element));
  list.append(element);
  return element;
}

function add(files) {
  const problems = [];
  for (const file of files) {
    if (chosen.some((each) => sameFile(each.file, file))) continue;
    if (chosen.length >= most) {
      problems.push(`One draft may have ${most} pictures: the rest was left out. Send them as another draft.`);
      break;
    }
    if (file.size > mostBytes) {
      problems.push(`“${file.name}” is larger than ${megabytes(mostBytes)} and was left out. Make it smaller first.`);
      continue;
    }
    if (chosen.reduce((sum, each) => sum + each.file.size, file.size) > mostTogether * 0.98) {
      problems.push(`The pictures are larger than ${megabytes(mostTogether)} together: the rest was left out.`);
      break;
    }
    chosen.push({ file, element: show(file) });
  }
  keep();
  number();
  told.textContent = [`${count(chosen.length)} in this draft.`, ...problems].join(" ");
}

input.addEventListener("change", () => add(input.files));

let inside = 0;
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragenter", (event) => {
  if (!carriesFiles(event)) return;
  inside += 1;
  drop.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!carriesFiles(event)) return;
  inside -= 1;
  if (inside <= 0) drop.classList.remove("over");
});
document.addEventListener("dragover", (event) => {
  if (carriesFiles(event)) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  inside = 0;
  drop.classList.remove("over");
  add(event.dataTransfer.files);
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length) return;
  event.preventDefault();
  add(files);
});

const send = form.querySelector("button[type=submit]");
const sending = form.querySelector("[data-sending]");
form.addEventListener("submit", (event) => {
  if (send.getAttribute("aria-disabled") === "true") {
    event.preventDefault(); // a second press must not send a second draft
    return;
  }
  send.setAttribute("aria-disabled", "true");
  sending.textContent = chosen.length ? `Sending ${count(chosen.length)}…` : "Sending…";
});
addEventListener("pageshow", () => {
  send.removeAttribute("aria-disabled");
  sending.textContent = "";
});
if (input.files.length) add(input.files); // kept by the browser over a reload

document.getElementById("problem")?.focus();
