// First of all, so that the native side answers while the rest is still being read.
import { answered, client } from "./ahead";

import "../theme/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LinkGate } from "../features/links/LinkGate";
import { inLanguage, number } from "../shared/language";
import { App } from "./App";
import { Boundary } from "./Boundary";
import { Providers } from "./Providers";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has an element named root");
// A door for who wants to see pages wait: without this, they have what they show before they are opened.
const prepares = !window.location.search.startsWith("?unprepared");
warmUp();
// No `await` out here (ADR 0010): pages take from this file, and WebKit would hand them out before they have run.
void answered.then(() =>
  createRoot(root).render(
    <StrictMode>
      <Providers client={client}>
        <Boundary>
          <App prepares={prepares} />
          <LinkGate />
        </Boundary>
      </Providers>
    </StrictMode>,
  ),
);

/** Numbers and plurals: the first of each takes as long as many lines of the list, and meanwhile there is nothing else to do. */
function warmUp(): void {
  number(1234);
  inLanguage().plural.select(2);
}
