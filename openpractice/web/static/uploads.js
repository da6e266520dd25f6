// Uploads: files go up by themselves, each with its bar, and the list says how far they are. Without it, a form does.
const AT_ONCE = 2;
const list = document.getElementById("uploads");
const form = document.getElementById("bring");
const act = document.getElementById("act");
const said = document.getElementById("said");
const progress = (form || act).dataset.progress;
const token = act.querySelector("[name=csrfmiddlewaretoken]").value;
const waiting = [];
let sending = 0;

document.documentElement.classList.add("op-scripted");

// Spoken once for what begins and what ends, never for each step between.
const say = (words) => { said.textContent = words; };

function size(bytes) {
  for (const [unit, big] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) if (bytes >= big) return `${(bytes / big).toFixed(bytes < 10 * big ? 1 : 0)} ${unit}`;
  return `${bytes} bytes`;
}

/* Sending */

function line(file) {
  const item = document.getElementById("sending").content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(name);
  part("h3").textContent = file.name;
  part("progress").setAttribute("aria-label", `Sending ${file.name}`);
  part("p").textContent = `${size(file.size)}, waiting to be sent`;
  list.prepend(item);
  document.getElementById("none")?.remove();
  return { item, part };
}

function button(part, words, name, pressed) {
  const [shown, hidden] = [part("button"), document.createElement("span")];
  hidden.className = "nhsuk-u-visually-hidden";
  hidden.textContent = ` ${name}`;
  shown.replaceChildren(words, hidden);
  shown.onclick = pressed;
}

function notSent({ item, part }, file, why) {
  part("progress")?.remove();
  part(".op-upload__state").textContent = "Not sent";
  part(".op-upload__state").className = "op-upload__state op-upload__state--refused";
  part("p").textContent = why;
  button(part, "Remove from this list", file.name, () => { item.remove(); form.querySelector("input[type=file]").focus(); });
  say(why);
}

function add(files) {
  const fresh = [...files];
  for (const file of fresh) {
    const shown = line(file);
    if (file.size > Number(form.dataset.largest)) {
      notSent(shown, file, `${file.name} is larger than ${form.dataset.largestWords}, which is the most that is taken here. Split it, for example by month, or compress it as a ZIP file.`);
      continue;
    }
    const entry = { file, shown };
    button(shown.part, "Cancel", file.name, () => {
      const place = waiting.indexOf(entry);
      if (place >= 0) waiting.splice(place, 1);
      notSent(shown, file, "It was cancelled before it had arrived.");
    });
    waiting.push(entry);
  }
  if (waiting.length) say(fresh.length === 1 ? `Sending ${fresh[0].name}` : `Sending ${fresh.length} files`);
  next();
}

function next() {
  while (sending < AT_ONCE && waiting.length) send(waiting.shift());
}

function send({ file, shown }) {
  const request = new XMLHttpRequest();
  const ended = (why) => { sending -= 1; if (why) notSent(shown, file, why); next(); };
  sending += 1;
  request.open("POST", form.getAttribute("action") || location.pathname);
  for (const [name, value] of Object.entries({
    Accept: "application/json", "X-CSRFToken": token, "Content-Type": "application/octet-stream",
    "X-File-Name": encodeURIComponent(file.name), "X-Whose": new FormData(form).get("whose") || "",
  })) request.setRequestHeader(name, value);
  request.upload.onprogress = (event) => {
    shown.part("progress").value = event.total ? event.loaded / event.total : 1;
    shown.part("p").textContent = event.loaded < event.total ? `${size(event.loaded)} of ${size(event.total)} sent` : "Arrived, being checked";
  };
  request.onload = () => {
    const answer = answered(request);
    if (request.status !== 201) return ended(answer.detail || `${file.name} was not taken (${request.status}). Sign in again if you have been away for long, and then try once more.`);
    shown.item.dataset.id = answer.id;
    fill(shown.item, answer);
    ended();
    watch();
  };
  request.onerror = () => ended(`${file.name} did not arrive: the connection was lost. Nothing of it was kept. Try it again.`);
  request.onabort = () => ended("It was cancelled before it had arrived.");
  button(shown.part, "Cancel", file.name, () => request.abort());
  request.send(file);
}

function answered(request) {
  try { return JSON.parse(request.responseText); } catch { return {}; }
}

/* Watching */

// Shows what is said of an upload; gives the words for it when it has just come to its end.
function fill(item, answer) {
  const focused = item.contains(document.activeElement) ? document.activeElement.className : null;
  if (item.dataset.html !== answer.html) {
    item.dataset.html = answer.html;
    item.innerHTML = answer.html;
    if (focused !== null) (item.getElementsByClassName(focused)[0] || item.querySelector("a")).focus();
  }
  const ended = item.hasAttribute("data-moving") && !answer.moving;
  item.toggleAttribute("data-moving", answer.moving);
  if (ended && item.hasAttribute("data-whole")) location.reload(); // its page has more to say now
  return ended ? `${item.querySelector("h3").textContent}: ${item.querySelector(".op-upload__state").textContent}. ${answer.sentence}` : "";
}

const moving = () => [...list.querySelectorAll("li[data-moving]")];
let watching = false;

async function watch() {
  if (watching) return;
  watching = true;
  while (moving().length) {
    const asked = moving().slice(0, 30);
    try {
      const answer = await fetch(`${progress}?${asked.map((item) => `id=${item.dataset.id}`).join("&")}`, { headers: { Accept: "application/json" }, redirect: "error" });
      if (answer.status === 403 || answer.status === 404) break; // who signs out, or leaves, sees no more
      const rows = await answer.json();
      const ends = asked.map((item) => rows[item.dataset.id] ? fill(item, rows[item.dataset.id]) : item.removeAttribute("data-moving"));
      if (ends.some(Boolean)) say(ends.filter(Boolean).join(" "));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 4000)); // the server restarts, perhaps
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  watching = false;
}

// A button of a row, without leaving the page: other files may be on their way up.
act.addEventListener("submit", async (event) => {
  event.preventDefault();
  const pressed = event.submitter;
  const row = pressed.closest("li"); // now: news of the row may replace the button while the answer is awaited
  const body = new FormData(act, pressed);
  const answer = await fetch(pressed.formAction, { method: "POST", body });
  if (!answer.ok) say("That could not be done any more.");
  row.setAttribute("data-moving", "");
  watch();
});

if (form) {
  const input = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  let inside = 0;
  document.addEventListener("dragenter", (event) => { if (carries(event)) { inside += 1; form.classList.add("op-drop--over"); } });
  document.addEventListener("dragleave", (event) => { if (carries(event)) { inside -= 1; if (inside <= 0) form.classList.remove("op-drop--over"); } });
  document.addEventListener("dragover", (event) => { if (carries(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    inside = 0;
    form.classList.remove("op-drop--over");
    add([...event.dataTransfer.items].filter((item) => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()));
  });
  window.addEventListener("beforeunload", (event) => { if (sending || waiting.length) event.preventDefault(); });
}
watch();
