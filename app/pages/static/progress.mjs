// The progress page: ask how far the check is, say it, and show the answer when it is there.

const box = document.querySelector("[data-progress]");
const words = box.querySelector("[data-words]");
const bar = box.querySelector("progress");
const { progress: id, waiting, looking, lookingOne, reading, done, lost } = box.dataset;

const SOONEST = 600; // milliseconds
const LATEST = 6000;
let pause = SOONEST;
let before = "";

function inWords(draft) {
  const total = draft.pictures;
  if (draft.status === "queued") return waiting;
  if (draft.pictures_done >= total) return reading;
  const sentence = total === 1 ? lookingOne : looking;
  return sentence.replace("{done}", draft.pictures_done).replace("{total}", total);
}

function say(sentence) {
  if (words.textContent === sentence) return; // a live region speaks every change, and only changes
  words.textContent = sentence;
  document.title = `${sentence} · ${box.dataset.title}`;
}

async function ask() {
  const answer = await fetch(`/drafts/${id}/progress`, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (answer.status === 404) {
    location.reload(); // the draft is gone: the page says so
    return true;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const draft = await answer.json();
  box.classList.remove("lost");
  if (draft.status === "decided" || draft.status === "failed") {
    say(done);
    location.reload();
    return true;
  }
  if (draft.status === "checking") document.querySelector("[data-waiting-for]")?.remove();
  if (draft.pictures) bar.value = draft.pictures_done;
  const now = `${draft.status} ${draft.pictures_done}`;
  pause = now === before ? Math.min(pause * 1.25, LATEST) : SOONEST;
  before = now;
  say(inWords(draft));
  return false;
}

async function follow() {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      if (await ask()) return;
    } catch {
      pause = Math.min(pause * 1.6, LATEST);
      box.classList.add("lost");
      say(lost);
    }
  }
}

addEventListener("online", () => {
  pause = SOONEST;
});
follow();
