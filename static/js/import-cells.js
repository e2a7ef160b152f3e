// Cells put right in the list: Enter saves and goes on to the next one, Escape brings the old text back.

const CELL = ".cell-edit input[type=text]";
const cells = () => [...document.querySelectorAll(CELL)];

// The cell to go on with, as its place behind the row that is being saved.
let goOn = false;

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(CELL);
  if (!cell || event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") {
    event.preventDefault();
    cell.value = cell.defaultValue;
    cell.select();
  } else if (event.key === "Enter") {
    event.preventDefault();
    goOn = true;
    cell.form.requestSubmit();
  }
});

// Nothing is saved twice while the answer is under way.
document.addEventListener("htmx:beforeRequest", (event) => {
  event.target.closest?.(".cell-edit, .row-decision")?.querySelectorAll("button").forEach((button) => (button.disabled = true));
});

document.addEventListener("htmx:afterSwap", (event) => {
  const row = event.detail.elt?.closest?.("tr") ?? event.target.closest?.("tr");
  if (!goOn || !row) return;
  goOn = false;
  const own = row.querySelector(CELL);
  const next = cells().find((cell) => row.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING);
  const target = own ?? next ?? cells()[0];
  target?.focus();
  target?.select();
});
