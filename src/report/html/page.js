"use strict";
// Search, filters, ticks, the theme and source lines in place. Without it the page can be read as it is.
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const one = (selector, within = document) => within.querySelector(selector);
  // A file that is opened from disk may be refused its storage.
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value); } catch { /* not kept */ } },
  };
  root.classList.add("js");

  const theme = one("#theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => {
    theme.setAttribute("aria-pressed", String(dark()));
    theme.textContent = dark() ? "☀ Light" : "☾ Dark";
  };
  const kept = store.get("ekiben:theme");
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  label();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    store.set("ekiben:theme", root.dataset.theme);
    label();
  });

  const search = one("#search");
  const selects = all("select[data-facet]");
  const state = one("#state");
  const reset = one("#reset");
  const sift = one(".sift");
  const wide = matchMedia("(min-width: 44.01rem)");
  const unfold = () => { if (wide.matches) sift.open = true; };
  wide.addEventListener("change", unfold);
  unfold();
  const texts = new Map();
  const rows = all("[data-row]");
  const textOf = (row) => {
    let text = texts.get(row);
    if (text === undefined) texts.set(row, text = row.textContent.toLowerCase());
    return text;
  };
  const has = (row, facet, value) => (row.getAttribute("data-" + facet) || "").split("|").includes(value);
  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter((select) => select.value).map((select) => [select.dataset.facet, select.value]);
    for (const select of selects) select.classList.toggle("on", Boolean(select.value));
    const active = words.length > 0 || wanted.length > 0;
    let shown = 0;
    for (const row of rows) {
      const fits = wanted.every(([facet, value]) => has(row, facet, value)) && words.every((word) => textOf(row).includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const group of all("[data-group]")) group.hidden = !one("[data-row]:not([hidden])", group);
    for (const section of all("section")) {
      const inside = all("[data-row]", section);
      const left = inside.filter((row) => !row.hidden).length;
      const count = one(".count", section);
      if (count && inside.length) count.textContent = active ? `${left} of ${inside.length}` : String(inside.length);
      if (inside.length) section.hidden = active && left === 0;
    }
    for (const button of all("button[data-set]")) {
      const [facet, value] = button.dataset.set.split("=");
      button.setAttribute("aria-pressed", String(wanted.some((pair) => pair[0] === facet && pair[1] === value)));
    }
    state.textContent = active ? `${shown} of ${rows.length}` : `${rows.length} entries`;
    reset.hidden = !active;
    one("#nothing").hidden = shown > 0;
  }
  let waiting;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  for (const select of selects) select.addEventListener("change", apply);
  const clear = () => { search.value = ""; for (const select of selects) select.value = ""; apply(); };
  reset.addEventListener("click", () => { clear(); search.focus(); });
  one(".bar form").addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(waiting); apply(); });
  for (const button of all("button[data-set]")) button.addEventListener("click", () => {
    const [facet, value] = button.dataset.set.split("=");
    const select = selects.find((select) => select.dataset.facet === facet);
    if (!select) return;
    select.value = select.value === value ? "" : value;
    apply();
  });

  for (const box of all("input[data-tick]")) {
    const key = `ekiben:${document.body.dataset.name}:${box.dataset.tick}`;
    box.checked = store.get(key) === "done";
    box.addEventListener("change", () => { store.set(key, box.checked ? "done" : null); progress(); });
  }
  function progress() {
    for (const place of all("[data-progress]")) {
      const boxes = all("input[data-tick]", place.closest("section"));
      place.textContent = `${boxes.filter((box) => box.checked).length} of ${boxes.length} done`;
    }
  }
  progress();

  // The lines that a place names, below it; a second time closes them.
  const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  for (const link of all("main a.place[href^='#']")) link.setAttribute("aria-expanded", "false");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.place[aria-expanded]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const hit = target(link);
    if (!hit) return;
    event.preventDefault();
    const holder = link.closest("li, dd, td") || link.parentElement;
    const open = all("figure.peek", holder).find((figure) => figure.dataset.of === link.hash);
    if (open) { open.remove(); link.setAttribute("aria-expanded", "false"); return; }
    const figure = document.createElement("figure");
    figure.className = "peek";
    figure.dataset.of = link.hash;
    const caption = document.createElement("figcaption");
    const there = document.createElement("a");
    there.href = link.hash;
    there.textContent = "show in the file";
    caption.append(there);
    const shown = document.createElement("pre");
    shown.className = "source";
    shown.tabIndex = 0;
    const lines = [hit];
    for (let before = hit.previousElementSibling, n = 0; before && before.tagName === "SPAN" && n < 3; before = before.previousElementSibling, n += 1) lines.unshift(before);
    for (let after = hit.nextElementSibling, n = 0; after && after.tagName === "SPAN" && n < 6; after = after.nextElementSibling, n += 1) lines.push(after);
    for (const line of lines) {
      const copy = line.cloneNode(true);
      copy.removeAttribute("id");
      copy.className = line === hit ? "now" : "";
      shown.append(copy);
    }
    figure.append(shown, caption);
    holder.append(figure);
    link.setAttribute("aria-expanded", "true");
  });

  function reveal() {
    let at = null;
    try { at = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!at) return;
    if (at.closest("[hidden]")) clear();
    for (let up = at; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    at.scrollIntoView({ block: "center" });
    if (at.matches("pre span")) { at.tabIndex = -1; at.focus({ preventScroll: true }); }
  }
  addEventListener("hashchange", reveal);
  if (location.hash.length > 1) reveal();

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input[type=search], select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); search.focus(); search.select(); }
    if (event.key === "Escape" && event.target === search) { clear(); search.blur(); }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.matches("summary")) {
      const list = all("details[data-row]:not([hidden]) > summary").filter((summary) => summary.offsetParent);
      const next = list[list.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.focus(); }
    }
  });
  apply();
})();
