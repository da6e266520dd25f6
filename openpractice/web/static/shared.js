// Shared figures that stay true while they are open: drawn again when they change, gone when they are no longer shared.
// Only a page that is looked at holds a connection: a browser has six for each site.
const page = document.getElementById("live");
let source = null;

function ended(reasons) {
  stop();
  document.removeEventListener("visibilitychange", look);
  const words = document.createElement("div");
  words.className = "op-measure";
  words.setAttribute("role", "alert");
  const heading = document.createElement("h1");
  heading.className = "nhsuk-heading-l";
  heading.textContent = "These figures are no longer shared with you";
  words.append(heading);
  for (const reason of reasons) {
    const line = document.createElement("p");
    line.textContent = reason;
    words.append(line);
  }
  const way = document.createElement("a");
  way.href = page.dataset.why;
  way.textContent = "Ask why, for any organisation and purpose";
  words.append(way);
  page.replaceChildren(words);
}

async function draw() {
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return location.reload();
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  if (!fresh) return location.reload();
  const opened = [...page.querySelectorAll("details")].map((one) => one.open);
  page.replaceChildren(...fresh.childNodes);
  page.querySelectorAll("details").forEach((one, place) => (one.open = opened[place] ?? one.open));
  page.dataset.mark = fresh.dataset.mark;
}

function start() {
  if (source) return;
  source = new EventSource(page.dataset.stream);
  source.addEventListener("figures", (event) => JSON.parse(event.data) === page.dataset.mark || draw());
  source.addEventListener("ended", (event) => ended(JSON.parse(event.data)));
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) location.reload(); // refused: the page says why
  });
}

function stop() {
  source?.close();
  source = null;
}

function look() {
  if (document.hidden) stop();
  else start();
}

document.addEventListener("visibilitychange", look);
look();
