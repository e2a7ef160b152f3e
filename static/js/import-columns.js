// Two columns for one field are told as soon as they are chosen, and fields that every new row needs until one is.

const CHOICES = "[data-column-choice]";

function warn(table) {
  const choices = [...table.querySelectorAll(CHOICES)];
  const named = (choice) => choice.value && !["-", "+"].includes(choice.value);
  for (const choice of choices) {
    const twin = named(choice) && choices.find((other) => other !== choice && other.value === choice.value);
    const cell = choice.closest("td");
    cell.querySelector(".import-twice")?.remove();
    choice.classList.toggle("is-invalid", Boolean(twin));
    if (!twin) continue;
    const told = document.createElement("div");
    told.className = "import-twice";
    told.setAttribute("role", "status");
    told.textContent = `Cột “${twin.closest("tr").querySelector("th").textContent.trim()}” cũng ghi vào mục này.`;
    cell.append(told);
  }
}

// The fields that the form fills now: by a column of a worksheet that is used, or by a value for the whole list.
function filled(form) {
  const names = new Set();
  for (const choice of form.querySelectorAll(CHOICES)) {
    if (choice.closest("section").querySelector("input[name^='use-']").checked) names.add(choice.value);
  }
  for (const field of form.querySelectorAll("[name^='constant-']")) {
    if (field.value) names.add(field.name.slice("constant-".length));
  }
  for (const key of form.querySelectorAll("[name^='extra-key-']")) {
    if (form.elements[key.name.replace("key", "text")].value) names.add(key.value);
  }
  return names;
}

// What is settled keeps its room: a button below must not move away from under the click that leaves the field.
function remind(form) {
  const names = filled(form);
  for (const told of form.querySelectorAll("[data-needed]")) {
    const isSettled = names.has(told.dataset.needed);
    if (!isSettled) told.hidden = false;
    told.classList.toggle("invisible", isSettled);
  }
}

// A value of the last list is filled in without leaving the page, so that columns chosen meanwhile stay.
function reuse(link) {
  const form = link.closest("form");
  const { reuse: key, reuseText: text } = link.dataset;
  let field = form.elements[`constant-${key}`];
  if (!field) {
    const free = [...form.querySelectorAll("[name^='extra-key-']")].find(
      (each) => each.value === key || !each.value,
    );
    if (!free) return false;
    free.value = key;
    field = form.elements[free.name.replace("key", "text")];
  }
  field.value = text;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  const chip = link.previousElementSibling;
  chip.className = "chip chip-ok";
  chip.lastChild.textContent = "dùng lại, đã điền bên dưới";
  link.remove();
  field.focus();
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-reuse]");
  if (link && reuse(link)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  const choice = event.target.closest(CHOICES);
  if (choice) warn(choice.closest("table"));
  const form = event.target.closest("form");
  if (form?.querySelector("[data-needed]")) remind(form);
});
