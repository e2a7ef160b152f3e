// The admin's pickers of large relations (select2) get the name of their field, which they do not take over themselves.

function nameOf(select) {
  const label = select.labels[0] ?? select.closest("td")?.closest("table").tHead?.rows[0].cells[select.closest("td").cellIndex];
  return label?.textContent.trim() ?? "";
}

function name(root) {
  for (const picker of root.querySelectorAll(".select2-selection:not([aria-label])")) {
    const select = picker.closest(".select2").previousElementSibling;
    if (!select?.matches("select")) continue;
    picker.setAttribute("aria-label", nameOf(select));
    picker.querySelector("[role=textbox]")?.setAttribute("aria-label", nameOf(select));
  }
}

name(document);
new MutationObserver(() => name(document)).observe(document.body, { childList: true, subtree: true });
