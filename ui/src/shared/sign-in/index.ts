export { SignInWait } from "./SignInWait";
export { type Attempt, useAttempt } from "./useAttempt";
export { signInWords } from "./words";
