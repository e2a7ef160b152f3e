// What forms share: sent once, nothing typed is lost, Enter moves on, the changed field is seen.

const FIELDS = "input:not([type=hidden], [type=submit], [type=button], [type=search]), select, textarea";
//: A form with fewer fields than this is sent by Enter, as a login or a search is.
const LONG_FORM = 5;
//: Milliseconds after which a form that brought no new page can be sent again.
const RELEASE_AFTER = 20000;

const isPost = (form) => form.method === "post";
const isRecord = (form) => isPost(form) && form.closest("main") && !form.hasAttribute("data-no-guard");
const isLong = (form) => isRecord(form) && form.querySelectorAll(FIELDS).length >= LONG_FORM;

function value(field) {
  if (field.type === "checkbox" || field.type === "radio") return String(field.checked);
  if (field.type === "file") return field.files.length ? "file" : "";
  return field.value;
}

function initial(field) {
  if (field.type === "checkbox" || field.type === "radio") return String(field.defaultChecked);
  if (field.type === "file") return "";
  if (field instanceof HTMLSelectElement) {
    const chosen = [...field.options].filter((option) => option.defaultSelected);
    return field.multiple ? chosen.map((option) => option.value).join() : (chosen[0] ?? field.options[0])?.value ?? "";
  }
  return field.defaultValue;
}

const current = (field) =>
  field instanceof HTMLSelectElement && field.multiple
    ? [...field.selectedOptions].map((option) => option.value).join()
    : value(field);

const isChanged = (field) => current(field) !== initial(field);

// A change is seen on its field and asked about when the page is left.
document.addEventListener("input", mark);
document.addEventListener("change", mark);
function mark(event) {
  const field = event.target;
  if (!field.form || !isRecord(field.form) || !field.matches(FIELDS)) return;
  field.form.dataset.changed = "";
  if (field.type !== "password") field.classList.toggle("is-changed", isChanged(field));
}
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-changed]:not([data-sent])")) {
    if ([...form.querySelectorAll(FIELDS)].some(isChanged)) {
      event.preventDefault();
      return;
    }
  }
});

// A second click makes no second record.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form) || form.hasAttribute("data-download")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  event.submitter?.classList.add("is-sending");
  setTimeout(() => release(form), RELEASE_AFTER);
});
function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".is-sending")) button.classList.remove("is-sending");
}
// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// In a long form Enter goes to the next field, Ctrl+Enter saves.
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || !form || !isLong(form)) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[type=submit]"));
    return;
  }
  if (!event.target.matches("input:not([type=submit], [type=button]), select")) return;
  event.preventDefault();
  const stops = [...form.querySelectorAll(`${FIELDS}, [type=submit]`)].filter(
    (field) => !field.disabled && field.tabIndex >= 0 && field.offsetParent,
  );
  stops[stops.indexOf(event.target) + 1]?.focus();
});

// The file chosen or dropped is named in the field.
document.addEventListener("change", (event) => {
  const name = event.target.closest(".file-field")?.querySelector(".file-name");
  if (name) name.textContent = [...event.target.files].map((file) => file.name).join(", ") || name.dataset.empty;
});
for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, (event) => {
    event.target.closest?.(".file-field")?.classList.toggle("is-over", over);
  });
}
