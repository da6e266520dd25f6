// Every page's only script. A page is complete without it.
import { initAll } from "./vendor/nhsuk/nhsuk-frontend.min.js";

initAll();

// Vega is half a megabyte: only a page with charts asks for it.
if (document.querySelector("figure[data-vega]")) {
  import("./charts.js").then((charts) => charts.watch());
}
