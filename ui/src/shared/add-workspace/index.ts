export type { Again } from "./AddWorkspace";
export { HeaderFields, headerRequests, headerValues, missingHeader } from "./HeaderFields";
export { AddWorkspaceDialog } from "./lazy";
export { addWords } from "./words";
