// An area or a police office is chosen by typing: a combobox after the ARIA 1.2 pattern. Without this script the text itself is understood.

const PICKER = "[data-area-picker]";
//: Milliseconds of rest after which a search is sent.
const REST = 150;

let count = 0;
const pickers = new WeakMap();

// A picker comes to life when it is first entered, so that parts loaded later need nothing more.
document.addEventListener("focusin", (event) => {
  const box = event.target.closest?.(PICKER);
  if (box && event.target.matches("input[type=text]") && !pickers.has(box)) pickers.set(box, enliven(box));
});

function enliven(box) {
  const key = box.querySelector("input[type=hidden]");
  const input = box.querySelector("input[type=text]");
  const noun = box.dataset.noun;
  const list = document.createElement("ul");
  const status = document.createElement("span");
  list.id = `areas-${(count += 1)}`;
  list.className = "area-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", noun[0].toUpperCase() + noun.slice(1));
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  box.append(list, status);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
  ]) {
    input.setAttribute(name, value);
  }

  let hits = [];
  let active = -1;
  let timer;
  let request;
  let chosen = key.value ? input.value : "";

  function point(index) {
    active = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }
  function close() {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }
  function choose(hit) {
    key.value = hit.key;
    input.value = chosen = hit.text;
    close();
    status.textContent = `Đã chọn ${hit.text}`;
    for (const field of [key, input]) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function option(hit, place) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.className = "area-option";
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    for (const [kind, text] of [["name", hit.name], ["above", hit.above], ["code", hit.code]]) {
      if (!text) continue;
      const part = document.createElement("span");
      part.className = `area-${kind}`;
      part.textContent = text;
      item.append(part, " ");
    }
    // The field keeps the focus; pointerdown would take it away before the click.
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => choose(hit));
    return item;
  }
  function show(found) {
    hits = found;
    list.replaceChildren(...found.map(option));
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "area-none";
      none.setAttribute("role", "presentation");
      none.textContent = `Không có ${noun} nào khớp`;
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", String(found.length > 0));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${found.length} ${noun}` : `Không có ${noun} nào khớp`;
  }
  async function search() {
    request?.abort();
    request = new AbortController();
    const address = new URL(box.dataset.url, location.href);
    // A chosen area shows what else there is; a text being typed narrows.
    address.searchParams.set("q", key.value && input.value === chosen ? "" : input.value);
    if (box.dataset.on) address.searchParams.set("on", box.dataset.on);
    try {
      const response = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected) throw new Error(String(response.status));
      show((await response.json()).hits);
    } catch (error) {
      if (error.name === "AbortError") return;
      close();
      status.textContent = "Không tải được gợi ý; gõ mã hoặc tên đầy đủ";
    }
  }

  input.addEventListener("input", () => {
    if (input.value !== chosen) key.value = "";
    clearTimeout(timer);
    timer = setTimeout(search, REST);
  });
  input.addEventListener("click", () => list.hidden && search());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) search();
      else if (hits.length) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        point(active < 0 && step < 0 ? hits.length - 1 : (active + step + hits.length) % hits.length);
      }
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      event.stopPropagation();
      choose(hits[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Tab" && isOpen && active >= 0) {
      choose(hits[active]);
    }
  });
}
