// The search box of every page: suggestions by arrow keys, closed by Escape or a click elsewhere.

const box = document.getElementById("search");
const panel = document.getElementById("search-suggestions");

if (box && panel) {
  const form = box.form;
  const links = () => [...panel.querySelectorAll("a")];

  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      panel.replaceChildren();
      box.focus();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const found = links();
    if (!found.length) return;
    event.preventDefault();
    const at = found.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (found[at] ?? box).focus();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) panel.replaceChildren();
  });
  // An answer that comes after the words were taken away is not shown.
  panel.addEventListener("htmx:beforeSwap", (event) => {
    if (!box.value.trim()) event.detail.shouldSwap = false;
  });
  box.addEventListener("input", () => {
    if (!box.value.trim()) panel.replaceChildren();
  });
}
