// A list on its way to the portal: how much of it has gone, and a way back while it goes. A file may be dropped anywhere.

const form = document.querySelector("form[data-upload]");
const field = form?.querySelector("input[type=file]");

for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!field || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    if (kind === "drop" && event.target !== field && event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

form?.addEventListener("submit", (event) => {
  if (!field.files.length || event.defaultPrevented) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  const bar = progressBar(() => request.abort());
  request.upload.addEventListener("progress", (sent) => sent.lengthComputable && bar.show(sent.loaded / sent.total));
  request.addEventListener("load", () => {
    if (request.responseURL !== location.href) location.assign(request.responseURL);
    else showAnswer(request.responseText);
  });
  request.addEventListener("error", () => bar.fail("Mất kết nối tới máy chủ: tệp chưa được nhận. Kiểm tra mạng rồi thử lại."));
  request.addEventListener("abort", () => bar.fail("Đã dừng tải lên; tệp chưa được nhận."));
  request.open("POST", location.href);
  request.send(new FormData(form));
});

function progressBar(stop) {
  form.querySelector(".import-upload")?.remove();
  const box = document.createElement("div");
  const bar = document.createElement("progress");
  const text = document.createElement("span");
  const button = document.createElement("button");
  box.className = "import-upload";
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", "Đã tải lên");
  text.setAttribute("role", "status");
  text.textContent = "Đang tải lên…";
  button.type = "button";
  button.className = "btn btn-outline-secondary btn-sm";
  button.textContent = "Dừng";
  button.addEventListener("click", stop);
  box.append(bar, text, button);
  form.querySelector(".form-actions").before(box);
  const send = form.querySelector("[type=submit]");
  send.disabled = true;
  return {
    show(share) {
      bar.value = share;
      text.textContent = share < 1 ? `Đã tải lên ${Math.floor(share * 100)} %` : "Đã nhận tệp, đang đọc…";
      if (share >= 1) button.remove();
    },
    fail(message) {
      box.remove();
      send.disabled = false;
      const told = document.createElement("div");
      told.className = "import-upload alert alert-warning";
      told.setAttribute("role", "alert");
      told.textContent = message;
      form.querySelector(".form-actions").before(told);
    },
  };
}

// A refused file comes back with the page and the reason.
function showAnswer(text) {
  const answer = new DOMParser().parseFromString(text, "text/html").querySelector("form[data-upload]");
  if (!answer) return location.reload();
  for (const told of form.querySelectorAll(".invalid-feedback, .import-upload, .error-summary")) told.remove();
  const reasons = [...answer.querySelectorAll(".invalid-feedback, .error-summary li")].map((each) => each.textContent.trim());
  const told = document.createElement("div");
  told.className = "import-upload alert alert-danger";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  told.textContent = [...new Set(reasons)].join(" ") || "Chưa nhận được danh sách.";
  form.prepend(told);
  form.querySelector("[type=submit]").disabled = false;
  told.focus();
}
