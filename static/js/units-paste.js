// A list of units: looked up as soon as it is pasted or left, and grown by single units out of the suggestions.

const BOX = "[data-units-paste]";
const SUGGESTED = /^DV\d{7,10} · /;

for (const one of document.querySelectorAll(".units-one")) one.hidden = false;

// The text that was looked at last: leaving the box looks again only where it has changed, or it would undo choices.
const lookedAt = new WeakMap();
function look(box) {
  const text = box.querySelector("textarea").value;
  if (lookedAt.get(box) === text) return;
  lookedAt.set(box, text);
  box.dispatchEvent(new CustomEvent("units-look"));
}

document.addEventListener("paste", (event) => {
  const box = event.target.closest?.(BOX);
  if (box && event.target.matches("textarea")) setTimeout(() => look(box));
});
document.addEventListener("change", (event) => {
  const box = event.target.closest(BOX);
  if (box && event.target.matches("textarea") && event.target.value.trim()) look(box);
});

// A suggestion that was chosen becomes a line of the list.
document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches(".units-one input") || !SUGGESTED.test(input.value)) return;
  const box = input.closest(BOX);
  const list = box.querySelector("textarea");
  const lines = list.value.trimEnd().split("\n").filter(Boolean);
  if (!lines.includes(input.value)) list.value = [...lines, input.value].join("\n");
  input.value = "";
  list.dispatchEvent(new Event("input", { bubbles: true }));
  look(box);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".units-one input")) event.preventDefault();
});
