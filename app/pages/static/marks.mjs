// Pressing a box in a picture, or its number in the list beside it, lights both up.

function select(key) {
  for (const each of document.querySelectorAll(".selected")) each.classList.remove("selected");
  const pair = document.querySelectorAll(`[data-pair="${CSS.escape(key)}"], [data-row="${CSS.escape(key)}"]`);
  for (const each of pair) each.classList.add("selected");
  return pair;
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-pair]");
  if (!pressed) return;
  event.preventDefault();
  const fromPicture = pressed.closest("svg") !== null;
  for (const each of select(pressed.dataset.pair)) {
    const other = fromPicture ? each.matches("a.tag") : each.matches("a.box");
    if (!other) continue;
    each.scrollIntoView({ block: "nearest" });
    if (fromPicture) each.focus({ preventScroll: true });
  }
});
