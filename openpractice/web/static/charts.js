// Redraws a chart in the browser, so that its points can be read by pointer and by keyboard.
// The picture drawn on the server stays until the new one is ready, and for good when anything goes wrong.
import "./vendor/vega/vega.min.js";
import { expressionInterpreter } from "./vendor/vega/vega-interpreter.js";

const vega = globalThis.vega;

export function watch() {
  const seen = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter((one) => one.isIntersecting)) {
      seen.unobserve(target);
      redraw(target).catch((error) => console.warn(`A chart stays as it was drawn: ${error.message}`));
    }
  }, { rootMargin: "200px" });
  // Each chart comes in two widths. The hidden one is never in view, so only the shown one is redrawn.
  document.querySelectorAll("figure[data-vega] .op-chart").forEach((chart) => seen.observe(chart));
}

async function redraw(chart) {
  const figure = chart.closest("figure");
  const address = new URL(figure.dataset.vega, location);
  if (chart.classList.contains("op-chart--narrow")) address.searchParams.set("size", "narrow");
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const drawn = chart.querySelector("svg");
  const holder = document.createElement("div");
  const tip = makeTip(chart);
  // ast + interpreter: expressions are walked, never compiled, so the page's policy can forbid eval.
  const view = new vega.View(vega.parse(await answer.json(), null, { ast: true }), {
    expr: expressionInterpreter, renderer: "svg", container: holder, hover: true, logLevel: vega.Error,
  });
  view.tooltip((handler, event, item, value) => (value ? tip.show(value, middle(event.target)) : tip.hide()));
  await view.runAsync();
  name(holder, drawn);
  chart.replaceChildren(holder, tip.element);
  walk(figure.querySelector(".op-figure__picture"), holder, tip);
}

// Vega gives each mark a role. A listener is better served by one picture with a name, as the server drew it.
function name(holder, drawn) {
  const svg = holder.querySelector("svg");
  const words = ["title", "desc"].map((part) => drawn.querySelector(`:scope > ${part}`)?.textContent).filter(Boolean);
  for (const part of [holder, ...svg.querySelectorAll("*")]) {
    for (const word of ["role", "aria-label", "aria-roledescription", "aria-hidden"]) part.removeAttribute(word);
  }
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", words.join(". "));
}

// The arrow keys step through the points; the tooltip is a live region, so each is read aloud too.
function walk(picture, holder, tip) {
  let at = -1;
  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") tip.hide();
    if (!step || !holder.offsetParent) return;
    const points = [...holder.querySelectorAll("svg *")].filter((mark) => mark.__data__?.tooltip);
    if (!points.length) return;
    event.preventDefault();
    points.sort((a, b) => middle(a).x - middle(b).x);
    at = Math.max(0, Math.min(points.length - 1, at + step));
    points.forEach((point, place) => point.classList.toggle("op-here", place === at));
    tip.show(points[at].__data__.tooltip, middle(points[at]));
  });
  picture.addEventListener("blur", () => { at = -1; tip.hide(); });
}

function middle(mark) {
  const box = mark.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top };
}

function makeTip(chart) {
  const element = document.createElement("output");
  element.className = "op-tip";
  element.hidden = true;
  const hide = () => { element.hidden = true; };
  const show = (value, point) => {
    const lines = typeof value === "object" ? Object.entries(value) : [["", value]];
    element.replaceChildren(...lines.map(([label, text]) => {
      const line = document.createElement("span");
      line.textContent = label.trim() ? `${label}: ${text}` : text;
      return line;
    }));
    element.hidden = false;
    const frame = chart.getBoundingClientRect();
    const left = point.x - frame.left - element.offsetWidth / 2;
    const above = point.y - frame.top - element.offsetHeight - 8;
    element.style.left = `${Math.max(0, Math.min(left, frame.width - element.offsetWidth))}px`;
    element.style.top = `${above > 0 ? above : point.y - frame.top + 20}px`;
  };
  return { element, hide, show };
}
