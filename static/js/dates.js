// Dates are typed as 31/12/2026; a calendar helps. It is fetched when a page first has a date to pick.

const { datepickerJs, datepickerLocale, datepickerCss } = document.documentElement.dataset;
const DATE = "input[data-date]";

// 5 or 05 or 31 12 26 or 31122026: completed to dd/mm/yyyy when the field is left.
function completed(text) {
  const parts = text.trim().match(/^(\d{1,2})[\s./-]?(\d{1,2})[\s./-]?(\d{4}|\d{2})$/);
  if (!parts) return null;
  const [day, month] = [Number(parts[1]), Number(parts[2])];
  const year = parts[3].length === 2 ? 2000 + Number(parts[3]) : Number(parts[3]);
  const date = new Date(year, month - 1, day);
  if (date.getDate() !== day || date.getMonth() !== month - 1) return null;
  return [String(day).padStart(2, "0"), String(month).padStart(2, "0"), year].join("/");
}

let calendar;
function load() {
  calendar ??= (async () => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = datepickerCss;
    document.head.append(style);
    for (const address of [datepickerJs, datepickerLocale]) {
      await new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
      });
    }
  })();
  return calendar;
}

async function open(input) {
  await load();
  input.datepicker ?? new window.Datepicker(input, {
    autohide: true,
    buttonClass: "btn",
    format: "dd/mm/yyyy",
    language: "vi",
    showOnClick: false,
    showOnFocus: false,
    shortcutKeys: { show: { key: "ArrowDown", altKey: true } },
    todayButton: true,
    todayButtonMode: 1,
    weekStart: 1,
  });
  input.datepicker.show();
  input.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".date-open");
  if (button) open(button.parentElement.querySelector(DATE));
});
document.addEventListener("changeDate", (event) => {
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.(DATE) || !input.value) return;
  const written = completed(input.value);
  if (written) input.value = written;
  input.classList.toggle("is-invalid", !written);
  if (written) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
});
