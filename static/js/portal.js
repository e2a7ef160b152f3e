// The frame of every page: key "/", the folding navigation, menus that close, parts that cannot be loaded.

const root = document.documentElement;

// "/" goes to the search box from anywhere outside a field.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector('[data-key="/"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// The navigation folds on a phone; without this script the link still opens it as the page's target.
const toggle = document.querySelector(".nav-toggle");
const navigation = document.getElementById("navigation");
function openNavigation(open) {
  document.body.classList.toggle("nav-open", open);
  toggle.setAttribute("aria-expanded", String(open));
  document.getElementById("content").inert = open;
  (open ? navigation.querySelector("a") : toggle).focus();
}
if (toggle && navigation) {
  toggle.addEventListener("click", (event) => {
    event.preventDefault();
    openNavigation(!document.body.classList.contains("nav-open"));
  });
  for (const closer of document.querySelectorAll(".nav-close, .nav-shade")) {
    closer.addEventListener("click", (event) => {
      event.preventDefault();
      openNavigation(false);
    });
  }
}

// Menus close on Escape and on a click elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.body.classList.contains("nav-open")) openNavigation(false);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A part of a page that cannot be loaded says so; a session that ended leads to the login page.
function say(text) {
  const messages = document.getElementById("messages");
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  alert.textContent = text;
  messages.replaceChildren(alert);
  messages.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const address = event.detail.xhr.responseURL;
  if (address && new URL(address).pathname === root.dataset.loginUrl) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) say("Đồng chí không có quyền làm việc này.");
  else if (status === 404) say("Hồ sơ không còn hoặc không thuộc địa bàn của đồng chí.");
  else say("Máy chủ gặp lỗi, chưa làm được. Thử lại sau một phút.");
});
document.addEventListener("htmx:sendError", () => say("Mất kết nối tới máy chủ. Kiểm tra mạng rồi thử lại."));

// What has the focus stays where it is on the screen when a part above it grows or goes.
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const field = document.activeElement;
  const isHeld = field && field !== document.body && !event.detail.target.contains(field);
  held = isHeld ? { field, top: field.getBoundingClientRect().top } : null;
});
document.addEventListener("htmx:afterSwap", () => {
  const moved = held?.field.isConnected ? held.field.getBoundingClientRect().top - held.top : 0;
  if (moved) window.scrollBy({ top: moved, behavior: "instant" });
  held = null;
});

document.querySelector(".error-summary")?.focus();
