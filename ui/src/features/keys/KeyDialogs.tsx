import { lazy, Suspense } from "react";
import type { KeyView, ProviderView, WorkspaceView } from "../../ipc";
import type { Offers } from "./offers";

const CreateKey = lazy(() => import("./CreateKey").then((module) => ({ default: module.CreateKey })));
const PasteKey = lazy(() => import("./PasteKey").then((module) => ({ default: module.PasteKey })));
const ReplaceKey = lazy(() => import("./ReplaceKey").then((module) => ({ default: module.ReplaceKey })));
const RotateKey = lazy(() => import("./RotateKey").then((module) => ({ default: module.RotateKey })));
const RevokeKey = lazy(() => import("./RevokeKey").then((module) => ({ default: module.RevokeKey })));
const KeyDetails = lazy(() => import("./KeyDetails").then((module) => ({ default: module.KeyDetails })));

/** What is open over the list. */
export type Open =
  | { dialog: "create" }
  | { dialog: "paste"; target: KeyView | null }
  | { dialog: "replace" | "rotate" | "leaked" | "revoke" | "details"; target: KeyView };

interface KeyDialogsProps {
  open: Open;
  provider: ProviderView;
  workspace: WorkspaceView;
  offers: Offers;
  onOpen: (open: Open | null) => void;
}

/** The dialogs of the page, each fetched when it is first opened. */
export function KeyDialogs({ open, provider, workspace, offers, onOpen }: KeyDialogsProps) {
  const close = () => onOpen(null);
  return (
    <Suspense fallback={null}>
      {open.dialog === "create" ? (
        <CreateKey provider={provider} offers={offers} onClose={close} />
      ) : open.dialog === "paste" ? (
        <PasteKey provider={provider} workspace={workspace} target={open.target} onClose={close} />
      ) : open.dialog === "replace" ? (
        <ReplaceKey target={open.target} onClose={close} />
      ) : open.dialog === "rotate" || open.dialog === "leaked" ? (
        <RotateKey
          target={open.target}
          leaked={open.dialog === "leaked"}
          byHand={!provider.capabilities.includes("create")}
          onClose={close}
        />
      ) : open.dialog === "revoke" ? (
        <RevokeKey
          target={open.target}
          forgets={offers.remove === "forget"}
          others={offers.others}
          dashboard={provider.dashboard}
          onClose={close}
        />
      ) : (
        <KeyDetails
          listed={open.target}
          provider={provider}
          offers={offers}
          onClose={close}
          onPaste={(target) => onOpen({ dialog: "paste", target })}
          onReplace={(target) => onOpen({ dialog: "replace", target })}
          onRevoke={(target) => onOpen({ dialog: "revoke", target })}
        />
      )}
    </Suspense>
  );
}
