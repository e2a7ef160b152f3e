// Fields taken from an earlier activity: touching one is having looked at it, one tick looks at all of them.

const PLACE = ".copied-place";
const all = document.querySelector("input[name=seen_all]");
const boxes = () => [...document.querySelectorAll(".copied-mark input[name=seen]")];

function look(box, seen = true) {
  box.checked = seen;
  show();
}

function show() {
  const left = boxes().filter((box) => !box.checked).length;
  for (const box of boxes()) box.closest(".copied-mark").classList.toggle("is-seen", box.checked);
  for (const count of document.querySelectorAll("[data-unseen]")) count.textContent = left ? `còn ${left} ô chưa xem` : "đã xem hết";
  if (all) all.checked = left === 0;
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (event.target === all) {
      for (const box of boxes()) box.checked = all.checked;
      show();
      return;
    }
    if (event.target.matches(".copied-mark input")) {
      show();
      return;
    }
    const box = event.target.closest(PLACE)?.querySelector("input[name=seen]");
    if (box && event.isTrusted) look(box);
  });
}
show();
