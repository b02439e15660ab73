// Saying who a face is, and marking one that was missed: a box dragged on the picture, or its four numbers typed.
const EDGES = ["left", "top", "width", "height"];

// A name that is typed chooses "a pupil or member of staff"; another choice takes the name away.
for (const say of document.querySelectorAll("[data-say]")) {
  const who = say.querySelector("[data-who]");
  const radios = [...say.querySelectorAll("input[type=radio]")];
  who.addEventListener("input", () => {
    radios.find((each) => each.value === (who.value ? "person" : "")).checked = true;
  });
  for (const radio of radios) {
    radio.addEventListener("change", () => {
      if (radio.value === "person") who.focus();
      else who.value = "";
    });
  }
}

const fit = (number) => Math.min(100, Math.max(0, number));
const tidy = (number) => String(Math.round(number * 10) / 10);

function boxOf(row) {
  const box = {};
  for (const edge of EDGES) {
    const { value } = row.querySelector(`[data-edge=${edge}]`);
    if (value === "") return null;
    box[edge] = Number(value);
  }
  return box.width > 0 && box.height > 0 ? box : null;
}

function setUp(missed) {
  const frame = document.querySelector(`[data-frame="${missed.dataset.missed}"]`);
  const layer = frame?.querySelector("svg.boxes");
  if (!layer) return;
  const another = missed.querySelector("[data-another]");
  let active = missed.querySelector("[data-missed-row]");
  let from = null;

  const draw = () => {
    for (const each of layer.querySelectorAll(".drawn, .drawn-under")) each.remove();
    for (const row of missed.querySelectorAll("[data-missed-row]")) {
      const box = boxOf(row);
      if (!box) continue;
      for (const name of ["drawn-under", "drawn"]) {
        const rect = document.createElementNS(layer.namespaceURI, "rect");
        rect.setAttribute("class", name);
        rect.setAttribute("x", `${box.left}%`);
        rect.setAttribute("y", `${box.top}%`);
        rect.setAttribute("width", `${box.width}%`);
        rect.setAttribute("height", `${box.height}%`);
        layer.append(rect);
      }
    }
  };

  const at = (event) => {
    const edges = frame.getBoundingClientRect();
    return [fit(((event.clientX - edges.left) / edges.width) * 100), fit(((event.clientY - edges.top) / edges.height) * 100)];
  };

  const drag = (event) => {
    const [x, y] = at(event);
    const box = {
      left: Math.min(x, from[0]),
      top: Math.min(y, from[1]),
      width: Math.abs(x - from[0]),
      height: Math.abs(y - from[1]),
    };
    if (box.width < 0.5 || box.height < 0.5) return;
    for (const edge of EDGES) active.querySelector(`[data-edge=${edge}]`).value = tidy(box[edge]);
    active.dispatchEvent(new Event("input", { bubbles: true }));
  };

  frame.addEventListener("pointerdown", (event) => {
    if (!missed.open || event.button !== 0) return;
    event.preventDefault();
    frame.setPointerCapture(event.pointerId);
    from = at(event);
  });
  frame.addEventListener("pointermove", (event) => {
    if (from) drag(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, () => {
      from = null;
    });
  }

  missed.addEventListener("focusin", (event) => {
    active = event.target.closest("[data-missed-row]") ?? active;
  });
  missed.addEventListener("input", draw);
  missed.addEventListener("input", (event) => {
    if (event.target.matches("[data-who]") && event.target.value) {
      event.target.closest("[data-missed-row]").querySelector("[data-is]").value = "person";
    }
  });
  missed.addEventListener("change", (event) => {
    if (event.target.matches("[data-is]") && event.target.value !== "person") {
      event.target.closest("[data-missed-row]").querySelector("[data-who]").value = "";
    }
  });
  missed.addEventListener("toggle", () => frame.classList.toggle("marking", missed.open));
  another.addEventListener("click", () => {
    const copy = active.cloneNode(true);
    for (const field of copy.querySelectorAll("input:not([type=hidden])")) field.value = "";
    copy.querySelector("select").selectedIndex = 0;
    another.before(copy);
    active = copy;
    copy.querySelector("[data-edge]").focus();
  });

  another.hidden = false;
  for (const each of missed.querySelectorAll("[data-with-script]")) each.hidden = false;
  frame.classList.toggle("marking", missed.open);
  addEventListener("pageshow", draw);
  draw();
}

for (const missed of document.querySelectorAll("[data-missed]")) setUp(missed);
