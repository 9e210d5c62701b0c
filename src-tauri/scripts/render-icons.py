#!/usr/bin/env python3
"""Renders icons/*.svg into the files the window and the packages embed. Run it after changing a drawing; its output is committed.

Needs rsvg-convert (Debian: librsvg2-bin).
"""

import struct
import subprocess
from pathlib import Path

ICONS = Path(__file__).resolve().parents[2] / "icons"


def png(size: int, drawing: str | None = None) -> bytes:
    """One PNG; sizes up to 16 px come from the drawing made on their own grid."""
    drawing = drawing or ("keystow-16" if size <= 16 else "keystow")
    source = ICONS / f"{drawing}.svg"
    return subprocess.run(
        ["rsvg-convert", "--width", str(size), "--height", str(size), source], check=True, capture_output=True
    ).stdout


def ico(sizes: list[int]) -> bytes:
    """A Windows icon whose entries are PNGs."""
    images = [(size, png(size)) for size in sizes]
    head = struct.pack("<HHH", 0, 1, len(images))
    at, entries = len(head) + 16 * len(images), b""
    for size, data in images:
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + entries + b"".join(data for _, data in images)


def icns(kinds: dict[bytes, int]) -> bytes:
    """A macOS icon whose entries are PNGs."""
    body = b"".join(kind + struct.pack(">I", len(data) + 8) + data for kind, data in ((k, png(s)) for k, s in kinds.items()))
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> None:
    files = {
        "16x16.png": png(16),
        "32x32.png": png(32),
        "128x128.png": png(128),
        "128x128@2x.png": png(256),
        "icon.png": png(512),
        "tray-template.png": png(44, "keystow-tray"),
        "icon.ico": ico([16, 24, 32, 48, 64, 256]),
        "icon.icns": icns({b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic13": 256, b"ic08": 256, b"ic14": 512, b"ic09": 512, b"ic10": 1024}),
    }
    for name, data in files.items():
        (ICONS / name).write_bytes(data)


main()
