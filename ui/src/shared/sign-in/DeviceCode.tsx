import { IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { copyText, type DeviceView } from "../../ipc";
import { Button } from "../controls";
import { PathText } from "../PathText";
import { toast, toastProblem } from "../toast";
import { words as common } from "../words";
import { QrCode } from "./QrCode";
import classes from "./SignIn.module.css";
import { signInWords as words } from "./words";

const SECOND_MS = 1000;

/** A code to type on another screen: large, to copy, and as a picture to photograph. */
export function DeviceCode({ device }: { device: DeviceView }) {
  const left = useSecondsUntil(device.expiresAt);
  const copy = () => copyText(device.code).then(() => toast({ text: common.copied, forMs: 2500 }), toastProblem);
  return (
    <div className={classes.device}>
      <div className={classes.deviceWords}>
        <h2 className={classes.heading}>{words.device}</h2>
        <p className={classes.code}>{device.code}</p>
        <div className={classes.row}>
          <Button variant="default" icon={<IconCopy size={14} aria-hidden="true" />} onClick={copy}>
            {words.copyCode}
          </Button>
        </div>
        <div className={classes.url}>
          <PathText path={device.url} copies={common.address} />
        </div>
        <p className={classes.text}>{words.deviceNote}</p>
        <p className={classes.quiet} role="timer">
          {left > 0 ? words.expires(clockOf(left)) : words.expired}
        </p>
      </div>
      {device.qr.length === 0 ? null : <QrCode rows={device.qr} label={words.qr} />}
    </div>
  );
}

function useSecondsUntil(at: number): number {
  const [left, setLeft] = useState(() => secondsUntil(at));
  useEffect(() => {
    const timer = setInterval(() => setLeft(secondsUntil(at)), SECOND_MS);
    return () => clearInterval(timer);
  }, [at]);
  return left;
}

function secondsUntil(at: number): number {
  return Math.max(0, Math.round((at - Date.now()) / SECOND_MS));
}

/** `9:05`. */
function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
