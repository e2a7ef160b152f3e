// Nothing typed is lost to the idle time-out: whoever types stays signed in, and a form is only sent while the session
// lives. When it has ended the page says so and waits; after signing in beside it the form goes through.

const { sessionUrl, officer } = document.querySelector("[data-session-url]").dataset;
const { loginUrl } = document.querySelector("[data-login-url]").dataset;
//: Milliseconds for which an answer of the server is good; far below the shortest idle time-out.
const FRESH = 4 * 60 * 1000;

let askedAt = Date.now();
const isFresh = () => Date.now() - askedAt < FRESH;

// "alive", "ended", "other" (another officer signed in meanwhile) or "unknown" when the server cannot be reached.
async function ask() {
  try {
    const answer = await fetch(sessionUrl, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return "ended";
    if (!answer.ok) return "unknown";
    const state = await answer.json();
    if (state.officer !== officer) return "other";
    askedAt = Date.now();
    renew(state.token);
    return "alive";
  } catch {
    return "unknown";
  }
}

// Signing in again gives a new token; the forms of this page take it over.
function renew(token) {
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

const notice = document.createElement("div");
notice.className = "alert alert-warning session-notice";
function tell(state) {
  if (state === "alive" || state === "unknown") {
    notice.remove();
    return;
  }
  const text = document.createElement("div");
  if (state === "ended") {
    const link = document.createElement("a");
    link.href = loginUrl;
    link.target = "_blank";
    link.textContent = "Đăng nhập ở cửa sổ mới";
    text.append("Phiên làm việc đã hết, chưa ghi gì; những gì đã gõ vẫn còn trên trang này. ", link, " rồi quay lại đây ghi tiếp.");
  } else {
    text.append("Cổng đang mở bằng tài khoản khác. Đăng nhập lại bằng tài khoản của đồng chí rồi mới ghi trang này.");
  }
  notice.replaceChildren(text);
  // It stands over the page: the button pressed may be at the end of a long form.
  document.getElementById("messages").replaceChildren(notice);
}

let asking;
function check() {
  asking ??= ask().finally(() => (asking = undefined));
  return asking;
}

// Typing is work: it keeps the session alive although no page is asked for.
document.addEventListener("input", async () => {
  if (!isFresh()) tell(await check());
});
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState === "visible" && (!isFresh() || notice.isConnected)) tell(await check());
});

// A part of the page that asks for itself must not lead away from a form with something typed in it.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const address = event.detail.xhr.getResponseHeader("HX-Redirect");
  if (!address || new URL(address, document.baseURI).pathname !== loginUrl) return;
  if (!document.querySelector("form[data-changed]")) return;
  event.preventDefault();
  tell("ended");
});

// Before the other listeners: a form of a page that stood still for long is sent once the session is known to live,
// one marked data-ask-session (long to type, made in minutes) however short ago that was known.
let asked;
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (form.method !== "post" || (isFresh() && !form.hasAttribute("data-ask-session")) || form === asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const state = await check();
    tell(state);
    if (state !== "alive" && state !== "unknown") return;
    // A server that cannot be reached says so itself.
    askedAt = Date.now();
    asked = form;
    form.requestSubmit(submitter);
    asked = undefined;
  },
  true,
);
