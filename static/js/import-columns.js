// Two columns for one field are told as soon as they are chosen.

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

document.addEventListener("change", (event) => {
  const choice = event.target.closest(CHOICES);
  if (choice) warn(choice.closest("table"));
});
