// The result page: say how many changes are asked for, never send a form twice, copy the words to post.

const form = document.querySelector("[data-settle]");
const apply = form?.querySelector("[data-apply]");

function asked() {
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const ticked = boxes.filter((each) => each.checked && each.name !== "taken_of").length;
  const classes = boxes.some((each) => each.checked !== each.defaultChecked && each.name === "taken_of") ? 1 : 0;
  const typed = [...form.querySelectorAll("textarea")].filter((each) => each.value !== each.defaultValue).length;
  const radios = [...form.querySelectorAll("input[type=radio]")];
  const chosen = radios.filter((each) => each.checked && !each.defaultChecked && each.name === "channel").length;
  const said = radios.filter((each) => each.checked && each.value && /^(answer|word)_/.test(each.name)).length;
  const marked = [...form.querySelectorAll("[data-edge=left]")].filter((each) => each.value !== "").length;
  return ticked + classes + typed + chosen + said + marked;
}

if (apply) {
  const none = apply.textContent;
  const tell = () => {
    const changes = asked();
    apply.textContent = changes > 1 ? apply.dataset.many.replace("{n}", changes) : changes ? apply.dataset.one : none;
  };
  form.addEventListener("input", tell);
  addEventListener("pageshow", tell); // a browser may bring ticks back
  tell();
}

for (const each of document.querySelectorAll("form[method=post]")) {
  each.addEventListener("submit", (event) => {
    if (each.dataset.sent) event.preventDefault();
    each.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const each of document.querySelectorAll("form[data-sent]")) delete each.dataset.sent;
});

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.hidden = !navigator.clipboard;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
    }, 2500);
  });
}
