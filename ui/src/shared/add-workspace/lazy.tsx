import { lazy, Suspense } from "react";
import type { AddWorkspaceProps } from "./AddWorkspace";

const Dialog = lazy(() => import("./AddWorkspace").then((module) => ({ default: module.AddWorkspace })));

/** The dialog, fetched when it is first opened. */
export function AddWorkspaceDialog(props: AddWorkspaceProps) {
  return (
    <Suspense fallback={null}>
      <Dialog {...props} />
    </Suspense>
  );
}
