import "../theme/index.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LinkGate } from "../features/links/LinkGate";
import { App } from "./App";
import { Boundary } from "./Boundary";
import { Providers } from "./Providers";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has an element named root");
createRoot(root).render(
  <StrictMode>
    <Providers>
      <Boundary>
        <App />
        <LinkGate />
      </Boundary>
    </Providers>
  </StrictMode>,
);
