export { Button, ButtonLink } from "./Button";
export { IconButton } from "./IconButton";
export { Kbd } from "./Kbd";
export { SearchField } from "./SearchField";
export { Skeleton } from "./Skeleton";
export { Spinner } from "./Spinner";
export { Tick } from "./Tick";
