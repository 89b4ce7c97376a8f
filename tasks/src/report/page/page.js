// What makes the page handier. Everything that it tells can be read without.
(() => {
  "use strict";
  const form = document.getElementById("find");
  const said = form.querySelector("output");
  const lists = ["detailed", "brief", "clean"].map((id) => document.getElementById(id)).filter(Boolean);
  const records = lists.flatMap((list) =>
    [...list.querySelectorAll(".record, li")].map((element) => ({ element, list, text: null })),
  );
  const holds = (list, item) => (" " + (list || "") + " ").includes(" " + item + " ");

  function find() {
    const words = form.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const status = form.s.value;
    const task = form.t.value;
    let found = 0;
    const hits = new Map(lists.map((list) => [list, 0]));
    for (const record of records) {
      const { s, t } = record.element.dataset;
      record.text ??= record.element.textContent.toLowerCase();
      const fits =
        words.every((word) => record.text.includes(word)) &&
        (!status || (status === "passed" ? record.list.id === "clean" : holds(s, status))) &&
        (!task || holds(t, task));
      record.element.hidden = !fits;
      if (fits) {
        found += 1;
        hits.set(record.list, hits.get(record.list) + 1);
      }
    }
    const all = !words.length && !status && !task;
    for (const list of lists.filter((list) => list.id !== "detailed")) {
      list.open = !all && hits.get(list) > 0;
    }
    said.textContent = all ? "" : found.toLocaleString("en") + " of " + records.length.toLocaleString("en") + " listed";
  }

  // A link to something that is folded away opens it.
  function show() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    target.hidden = false;
    const folded = target.matches("details") ? target : target.querySelector("details");
    if (folded) folded.open = true;
    target.closest("details.rest")?.setAttribute("open", "");
    target.scrollIntoView({ block: "nearest" });
  }

  form.hidden = false;
  let waiting = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(find);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.open.addEventListener("click", () => {
    const shown = records.filter(({ element, list }) => list.id === "detailed" && !element.hidden);
    const open = form.open.textContent === "Open all";
    for (const { element } of shown) element.open = open;
    form.open.textContent = open ? "Close all" : "Open all";
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      form.q.focus();
    }
  });
  addEventListener("hashchange", show);
  addEventListener("beforeprint", () => form.reset());
  find();
  show();
})();
