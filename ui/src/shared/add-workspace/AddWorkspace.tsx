import { Modal } from "@mantine/core";
import { useState } from "react";
import { useView, type WorkspaceView } from "../../ipc";
import { Skeleton } from "../controls";
import { ProblemAlert } from "../ProblemAlert";
import { words as common } from "../words";
import classes from "./AddWorkspace.module.css";
import { CustomForm } from "./CustomForm";
import { ProviderForm } from "./ProviderForm";
import { ProviderList } from "./ProviderList";
import { addWords as words } from "./words";

/** A file of the person's own is made from it, and then that is added. */
const CUSTOM = "custom";

/** A workspace to sign in to again. */
export interface Again {
  provider: string;
  url: string;
  login: string;
}

export interface AddWorkspaceProps {
  onClose: () => void;
  onDone: (workspace: WorkspaceView) => void;
  again?: Again | null;
}

/** Chooses a product, then asks for what it needs. No secret is typed: native code reads the clipboard. */
export function AddWorkspace({ onClose, onDone, again = null }: AddWorkspaceProps) {
  const providers = useView("providers_list", {});
  const [chosen, setChosen] = useState<string | null>(again?.provider ?? null);
  const provider = providers.data?.find(({ id }) => id === chosen) ?? null;
  const title =
    provider === null ? words.title : provider.id === CUSTOM ? words.custom.title : words.formTitle(provider.name);
  const back = again === null ? () => setChosen(null) : null;
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={<span className={classes.title}>{title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {providers.error !== null ? (
        <ProblemAlert
          problem={providers.error}
          onRetry={() => void providers.refetch()}
          retrying={providers.isFetching}
        />
      ) : providers.data === undefined ? (
        <div aria-hidden="true">
          {["a", "b", "c", "d"].map((row) => (
            <Skeleton key={row} height={52} margin="0 0 8px" />
          ))}
        </div>
      ) : provider === null ? (
        <ProviderList providers={providers.data} onChoose={setChosen} />
      ) : provider.id === CUSTOM ? (
        <CustomForm onBack={back} onDone={onDone} />
      ) : (
        <ProviderForm key={provider.id} provider={provider} again={again} onBack={back} onDone={onDone} />
      )}
    </Modal>
  );
}
