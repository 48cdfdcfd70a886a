"""Hosts of one machine: a network namespace each, and a bridge in one of its own. Nothing is set in the machine's own namespace."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.drill.units import ROOT, kill, wait_for

PREFIX = "oc-"
NET = f"{PREFIX}net"
BRIDGES = ("whole", "split")
# For measurements between networks (RFC 2544): nobody's own.
BEFORE = "198.18.0."
NETWORK = f"{BEFORE}0/24"
CLONE_NEWNET = 0x40000000
# Of whoever loads this: that of process 1 may not be opened everywhere.
OWN = os.open("/proc/self/ns/net", os.O_RDONLY)


class Missing(Exception):
    """This kernel can't do it."""


def ip(*arguments: str) -> str:
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


def may_build() -> bool:
    """Root in a container often may not."""
    trial = f"{PREFIX}trial-{os.getpid()}"
    try:
        ip("netns", "add", trial)
        ip("-n", trial, "link", "add", BRIDGES[0], "type", "bridge")
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        with suppress(OSError, subprocess.CalledProcessError):
            ip("netns", "delete", trial)
    return True


def namespaces() -> list[str]:
    """Of ours, from an earlier run too."""
    return [words[0] for line in ip("netns", "list").splitlines() if (words := line.split())[0].startswith(PREFIX)]


def pids(namespace: str) -> list[int]:
    return [int(pid) for pid in ip("netns", "pids", namespace).split() if int(pid) != os.getpid()]


def empty(namespace: str) -> None:
    """Ends all that runs in it, as a power cut does."""

    def gone() -> bool:
        for pid in pids(namespace):
            kill(pid)
        return not pids(namespace)

    wait_for(gone, 20, f"the end of all in {namespace}")


def sweep() -> None:
    """Removes what is there, whoever left it: a drill that was killed can't clean up."""
    for namespace in namespaces():
        empty(namespace)
        ip("netns", "delete", namespace)


def build() -> None:
    ip("netns", "add", NET)
    for bridge in BRIDGES:
        ip("-n", NET, "link", "add", bridge, "type", "bridge")
        ip("-n", NET, "link", "set", bridge, "up")


def add(host: str, address: str) -> None:
    """With the settings of every host (deploy/hosts/sysctl.conf), which count in its namespace alone."""
    name = PREFIX + host
    ip("netns", "add", name)
    ip("-n", NET, "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", name)
    ip("-n", NET, "link", "set", host, "master", BRIDGES[0], "up")
    ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        ip("-n", name, "link", "set", device, "up")
    shipped = [
        line.replace(" ", "") for line in (ROOT / "deploy/hosts/sysctl.conf").read_text().splitlines() if line[0] != "#"
    ]
    assert all(line.startswith("net.ipv4.tcp_") for line in shipped), "others are not a namespace's own"
    subprocess.run([*within(host), "sysctl", "-q", "-w", *shipped], check=True, capture_output=True)


def move(host: str, address: str) -> None:
    """Another address in place of its own."""
    ip("-n", PREFIX + host, "address", "flush", "dev", "eth0")
    ip("-n", PREFIX + host, "address", "add", f"{address}/24", "dev", "eth0")


def within(host: str) -> tuple[str, ...]:
    """Before a command that is to run there."""
    return ("nsenter", f"--net=/run/netns/{PREFIX}{host}", "--")


def enter(host: str) -> None:
    """This thread, and those that it begins from now on, are there."""
    with Path(f"/run/netns/{PREFIX}{host}").open() as namespace:
        _enter(namespace.fileno())


def leave() -> None:
    """This thread is where the process was begun."""
    _enter(OWN)


def _enter(namespace: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "the namespace can't be entered")


def cut(host: str) -> None:
    """Its cable leads to no bridge; the host itself sees one that is in."""
    ip("-n", NET, "link", "set", host, "nomaster")


def join(host: str) -> None:
    ip("-n", NET, "link", "set", host, "master", BRIDGES[0])


def split(hosts: tuple[str, ...]) -> None:
    """They see each other, and nobody else."""
    for host in hosts:
        ip("-n", NET, "link", "set", host, "master", BRIDGES[1])


def heal(hosts: tuple[str, ...]) -> None:
    for host in hosts:
        ip("-n", NET, "link", "set", host, "master", BRIDGES[0])


def disturb(host: str, lost: float, milliseconds: int) -> subprocess.Popen[str]:
    """Which part of what is sent to it is lost, and how late the rest arrives: for as long as the process lives that it gives. Raises
    Missing where the kernel can't."""
    command = [sys.executable, "-m", "tests.hosts.cable", host, BRIDGES[0], str(lost), str(milliseconds)]
    cable = subprocess.Popen(
        ["nsenter", f"--net=/run/netns/{NET}", "--", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert cable.stdout
    if cable.stdout.readline() != "laid\n":
        raise Missing("no TAP in this kernel")
    return cable


def calm(host: str, cable: subprocess.Popen[str]) -> None:
    join(host)
    cable.kill()
    cable.wait()
    ip("-n", NET, "link", "delete", f"{host}-bad")
