// A button that shows what is typed as a password, and links that are marked as a whole when they are touched.

for (const field of document.querySelectorAll("[data-secret]")) {
  const input = field.querySelector("input");
  const button = field.querySelector("[data-show]");
  const words = button.firstChild;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    words.textContent = shown ? "Hide" : "Show";
    input.focus();
  });
  input.form.addEventListener("submit", () => { input.type = "password"; });
}

for (const link of document.querySelectorAll("[data-copy]")) {
  link.addEventListener("focus", () => link.select());
}
