// Lists: filters apply when changed, rows are picked for actions on many.

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form && event.target.matches("select")) form.requestSubmit();
  if (event.target.matches("[data-pick-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.matches("[data-pick-all], .list-table .pick input")) showPicked();
});
document.addEventListener("htmx:afterSwap", showPicked);

function boxes() {
  return document.querySelectorAll(".list-table td.pick input[type=checkbox]");
}

function showPicked() {
  const all = [...boxes()];
  const picked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("is-selected", box.checked);
  for (const button of document.querySelectorAll("[data-picked-only]")) button.disabled = !picked.length;
  for (const count of document.querySelectorAll("[data-picked-count]")) count.textContent = picked.length ? ` (${picked.length})` : "";
  const head = document.querySelector("[data-pick-all]");
  if (!head) return;
  head.checked = all.length > 0 && picked.length === all.length;
  head.indeterminate = picked.length > 0 && picked.length < all.length;
}
showPicked();
