import { lazy, Suspense } from "react";
import type { KeyView, ProviderView, WorkspaceView } from "../../ipc";
import type { Bulk } from "./BulkDialog";
import type { Offers } from "./offers";

const CreateKey = lazy(() => import("./CreateKey").then((module) => ({ default: module.CreateKey })));
const PasteKey = lazy(() => import("./PasteKey").then((module) => ({ default: module.PasteKey })));
const ReplaceKey = lazy(() => import("./ReplaceKey").then((module) => ({ default: module.ReplaceKey })));
const RotateKey = lazy(() => import("./RotateKey").then((module) => ({ default: module.RotateKey })));
const RevokeKey = lazy(() => import("./RevokeKey").then((module) => ({ default: module.RevokeKey })));
const KeyDetails = lazy(() => import("./KeyDetails").then((module) => ({ default: module.KeyDetails })));
const BulkDialog = lazy(() => import("./BulkDialog").then((module) => ({ default: module.BulkDialog })));
const RotateAll = lazy(() => import("./RotateAll").then((module) => ({ default: module.RotateAll })));

/** What is open over the list. */
export type Open =
  | { dialog: "create" }
  | { dialog: "paste"; target: KeyView | null }
  | { dialog: "replace" | "rotate" | "leaked" | "revoke" | "details"; target: KeyView }
  | { dialog: "bulk"; bulk: Bulk }
  | { dialog: "rotate-all" };

interface KeyDialogsProps {
  open: Open;
  provider: ProviderView;
  workspace: WorkspaceView;
  offers: Offers;
  onOpen: (open: Open | null) => void;
  /** Something was done to several keys: to these. */
  onOver: (done: readonly string[]) => void;
  /** The key of the dialog is no more. */
  onGone: () => void;
  /** Another key has taken its place. */
  onReplaced: (id: string) => void;
}

/** The dialogs of the page, each fetched when it is first opened. */
export function KeyDialogs(props: KeyDialogsProps) {
  const { open, provider, workspace, offers, onOpen, onOver, onGone, onReplaced } = props;
  const close = () => onOpen(null);
  const byHand = !provider.capabilities.includes("create");
  return (
    <Suspense fallback={null}>
      {open.dialog === "create" ? (
        <CreateKey provider={provider} offers={offers} onClose={close} />
      ) : open.dialog === "paste" ? (
        <PasteKey provider={provider} workspace={workspace} target={open.target} onClose={close} />
      ) : open.dialog === "replace" ? (
        <ReplaceKey target={open.target} onClose={close} onReplaced={onReplaced} />
      ) : open.dialog === "rotate" || open.dialog === "leaked" ? (
        <RotateKey
          target={open.target}
          leaked={open.dialog === "leaked"}
          byHand={byHand}
          onClose={close}
          onReplaced={onReplaced}
        />
      ) : open.dialog === "revoke" ? (
        <RevokeKey
          target={open.target}
          forgets={offers.remove === "forget"}
          others={offers.others}
          dashboard={provider.dashboard}
          onClose={close}
          onGone={onGone}
        />
      ) : open.dialog === "bulk" ? (
        <BulkDialog bulk={open.bulk} onClose={close} onOver={onOver} />
      ) : open.dialog === "rotate-all" ? (
        <RotateAll onClose={close} onOver={onOver} />
      ) : (
        <KeyDetails
          id={open.target.id}
          listed={open.target}
          wide={false}
          provider={provider}
          offers={offers}
          onClose={close}
          onOpen={onOpen}
        />
      )}
    </Suspense>
  );
}
