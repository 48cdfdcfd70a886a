"""A bad cable to a host: what is sent to it arrives late, and some of it never. A process in the namespace of the bridges holds it, for
as long as it lives, and passes each frame on; not every kernel has tc's netem.

    python -m tests.hosts.cable data1 whole 0.2 200
"""

from __future__ import annotations

import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import time
from collections import deque

TUNSETIFF, TAP, PLAIN = 0x400454CA, 0x0002, 0x1000
MOST = 65536


def end_of(name: str) -> int:
    """A network device whose frames are read and written here; gone when its file is closed. Raises OSError where there is no TAP."""
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH22x", name.encode(), TAP | PLAIN))
    return file


def ip(*arguments: str) -> None:
    subprocess.run(["ip", "link", *arguments], check=True, capture_output=True)


def lay(host: str, bridge: str) -> tuple[int, int]:
    """Between the port of a host and the bridge that it was at. Gives both ends: that of the host first."""
    own = f"{host}-bad"
    near, far = end_of(f"{host}-near"), end_of(f"{host}-far")
    ip("add", own, "type", "bridge")
    for device, master in ((f"{host}-near", own), (f"{host}-far", bridge), (host, own)):
        ip("set", device, "master", master, "up")
    ip("set", own, "up")
    return near, far


def carry(near: int, far: int, lost: float, late: float) -> None:
    """`lost`: which part of what goes to the host; `late`: seconds."""
    waiting: deque[tuple[float, bytes]] = deque()
    while True:
        patience = max(waiting[0][0] - time.monotonic(), 0) if waiting else None
        for end in select.select([near, far], [], [], patience)[0]:
            frame = os.read(end, MOST)
            if end == near:
                os.write(far, frame)
            elif random.random() >= lost:  # noqa: S311
                waiting.append((time.monotonic() + late, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            os.write(near, waiting.popleft()[1])


if __name__ == "__main__":
    name, bridge, lost, milliseconds = sys.argv[1:]
    ends = lay(name, bridge)
    sys.stdout.write("laid\n")
    sys.stdout.flush()
    carry(*ends, float(lost), int(milliseconds) / 1000)
