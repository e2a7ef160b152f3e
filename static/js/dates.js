// Dates are typed as 31/12/2026; a calendar helps. It is fetched when a page first has a date to pick.

const { datepickerJs, datepickerLocale, datepickerCss } = document.documentElement.dataset;
const DATE = "input[data-day]";

// 1/9/25, 01 09 2025 or 01092025 becomes 01/09/2025; null when the text is no day of the calendar.
function completed(text) {
  const parts = text.trim().match(/^(\d{1,2})[\s./-]?(\d{1,2})[\s./-]?(\d{4}|\d{2})$/);
  if (!parts) return null;
  const [day, month] = [Number(parts[1]), Number(parts[2])];
  const year = parts[3].length === 2 ? 2000 + Number(parts[3]) : Number(parts[3]);
  const date = new Date(year, month - 1, day);
  if (date.getDate() !== day || date.getMonth() !== month - 1) return null;
  return written(date);
}
function written(date) {
  return [String(date.getDate()).padStart(2, "0"), String(date.getMonth() + 1).padStart(2, "0"), date.getFullYear()].join("/");
}
function moment(text) {
  const [day, month, year] = (completed(text) ?? "").split("/").map(Number);
  return year ? new Date(year, month - 1, day).getTime() : undefined;
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

// The calendar lives while it is open: left on a field, it would overwrite what is typed there.
async function open(input) {
  await load();
  const picker = new window.Datepicker(input, {
    autohide: true,
    buttonClass: "btn",
    format: { toValue: (text) => (typeof text === "string" ? moment(text) : text), toDisplay: (date) => written(new Date(date)) },
    language: "vi",
    showOnClick: false,
    showOnFocus: false,
    todayButton: true,
    todayButtonMode: 1,
    weekStart: 1,
  });
  input.addEventListener("hide", () => setTimeout(() => close(input)), { once: true });
  picker.show();
  input.focus();
}
function close(input) {
  input.datepicker?.destroy();
}

document.addEventListener("input", (event) => {
  if (event.isTrusted && event.target.matches(DATE)) close(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest(".date-open");
  if (!button) return;
  const input = button.parentElement.querySelector(DATE);
  if (input.datepicker) input.datepicker.hide();
  else open(input);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" && event.altKey && event.target.matches(DATE) && !event.target.datepicker) open(event.target);
});
document.addEventListener("changeDate", (event) => {
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.(DATE) || !input.value) return;
  const date = completed(input.value);
  if (date) input.value = date;
  input.classList.toggle("is-invalid", !date);
  if (date) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
});
