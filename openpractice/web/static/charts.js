// Redraws a chart in the browser, so that its points can be read by pointer and by keyboard.
// The picture drawn on the server stays until the new one is ready, and for good when anything goes wrong.
import "./vendor/vega/vega.min.js";
import { expressionInterpreter } from "./vendor/vega/vega-interpreter.js";

const vega = globalThis.vega;

export function watch() {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      seen.unobserve(entry.target);
      hydrate(entry.target).catch((error) => console.warn(`Chart ${entry.target.id} stays as drawn: ${error.message}`));
    }
  }, { rootMargin: "200px" });
  document.querySelectorAll("figure[data-vega]").forEach((figure) => seen.observe(figure));
}

async function hydrate(figure) {
  const answer = await fetch(figure.dataset.vega, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const spec = await answer.json();
  const picture = figure.querySelector(".op-figure__picture");
  const holder = document.createElement("div");
  const tip = makeTip(picture);
  // ast + interpreter: expressions are walked, never compiled, so the page's policy can forbid eval.
  const view = new vega.View(vega.parse(spec, null, { ast: true }), {
    expr: expressionInterpreter, renderer: "svg", container: holder, hover: true, logLevel: vega.Error,
  });
  view.tooltip((handler, event, item, value) => (value == null || value === "" ? tip.hide() : tip.show(value, box(item))));
  if (String(spec.autosize?.type ?? spec.autosize).startsWith("fit")) view.width(room(picture));
  await view.runAsync();
  const name = picture.getAttribute("aria-label");
  picture.replaceChildren(holder, tip.element);
  figure.classList.add("op-figure--live");
  tidy(holder, name);
  if (String(spec.autosize?.type ?? spec.autosize).startsWith("fit")) refit(view, picture, () => tidy(holder, name));
  walk(picture, view, tip);
}

// Vega gives every mark a role of its own; one name for the picture is what a listener wants, the table has the rest.
function tidy(holder, name) {
  holder.removeAttribute("role");
  const svg = holder.querySelector("svg");
  svg.querySelectorAll("[role], [aria-label], [aria-roledescription]").forEach((mark) => {
    for (const attribute of ["role", "aria-label", "aria-roledescription"]) mark.removeAttribute(attribute);
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", name);
}

const room = (picture) => Math.max(320, picture.clientWidth);

function refit(view, picture, after) {
  let last = room(picture);
  new ResizeObserver(() => {
    if (Math.abs(room(picture) - last) < 2) return;
    last = room(picture);
    view.width(last).runAsync().then(after);
  }).observe(picture);
}

// Arrow keys move from point to point; the tooltip is a live region, so it is also read aloud.
function walk(picture, view, tip) {
  let at = -1;
  picture.setAttribute("aria-roledescription", "chart, arrow keys read its points");
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") return tip.hide();
    if (!step) return;
    const items = points(view.scenegraph().root);
    if (!items.length) return;
    event.preventDefault();
    at = Math.max(0, Math.min(items.length - 1, at + step));
    tip.show(items[at].tooltip, box(items[at]));
  });
  picture.addEventListener("blur", () => { at = -1; tip.hide(); });
}

function points(item, found = []) {
  if (item.tooltip) found.push(item);
  for (const child of item.items ?? []) points(child, found);
  return item.marktype === undefined && !item.mark ? found.sort((a, b) => box(a).x - box(b).x) : found;
}

// The place on the screen of a mark, from the element that draws it.
function box(item) {
  const drawn = item._svg ?? item.mark?._svg;
  const rect = drawn?.getBoundingClientRect();
  return rect ? { x: rect.left + rect.width / 2, y: rect.top } : { x: 0, y: 0 };
}

function makeTip(picture) {
  const element = document.createElement("output");
  element.className = "op-tip";
  element.hidden = true;
  const words = (value) => (typeof value === "object" ? Object.entries(value) : [["", value]]);
  return {
    element,
    hide() { element.hidden = true; },
    show(value, point) {
      element.replaceChildren(...words(value).map(([label, text]) => {
        const line = document.createElement("span");
        if (label) line.append(Object.assign(document.createElement("b"), { textContent: `${label} ` }));
        line.append(String(text));
        return line;
      }));
      element.hidden = false;
      const frame = picture.getBoundingClientRect();
      const left = Math.min(Math.max(point.x - frame.left - element.offsetWidth / 2, 0), frame.width - element.offsetWidth);
      const above = point.y - frame.top - element.offsetHeight - 10;
      element.style.left = `${left + picture.scrollLeft}px`;
      element.style.top = `${above > 0 ? above : point.y - frame.top + 22}px`;
    },
  };
}
