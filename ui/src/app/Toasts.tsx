import { Notifications } from "@mantine/notifications";

/** Where toasts come up. They are read out when they come: their place is there before them. */
export function Toasts() {
  return <Notifications position="bottom-right" limit={3} zIndex={400} containerWidth={400} aria-live="polite" />;
}
