#!/usr/bin/python3
"""Writes the files of one host: each word OUTCRY_… in the templates beside this script becomes its value.

    fill.py hosts.env data1 data1

Kinds of hosts are data, web, work, edge and watch; a host's name is its kind and its number. Needs nothing but Python.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORD = re.compile(r"OUTCRY_[A-Z0-9_]+")
FILES = {
    "data": ["etcd.env", "patroni.yml", "post-bootstrap.sh", "valkey.conf", "sentinel.conf", "sysctl.conf"],
    "web": ["haproxy.cfg", "sysctl.conf"],
    "work": ["haproxy.cfg", "sysctl.conf"],
    "edge": ["edge.cfg", "sysctl.conf"],
    "watch": ["prometheus.yml", "sysctl.conf"],
}


def values(text: str) -> dict[str, str]:
    """NAME=value, one a line."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def filled(text: str, known: dict[str, str]) -> str:
    """Raises KeyError with the word that has no value, or an empty one."""

    def value(found: re.Match[str]) -> str:
        if not known.get(found[0]):
            raise KeyError(found[0])
        return known[found[0]]

    return WORD.sub(value, text)


def of_host(known: dict[str, str], host: str) -> dict[str, str]:
    """What differs from host to host. The first data host has the first master of Valkey."""
    kind, number = re.fullmatch(r"([a-z]+)(\d+)", host).groups()
    first = "# The first master." if host == "data1" else f"replicaof {known['OUTCRY_DATA_1']} 6379"
    address = known[f"OUTCRY_{kind.upper()}_{number}"]
    return {**known, "OUTCRY_HOST": host, "OUTCRY_ADDRESS": address, "OUTCRY_REPLICAOF": first}


def write(known: dict[str, str], host: str, folder: Path) -> None:
    """Files that only their owner may read."""
    folder.mkdir(parents=True, exist_ok=True)
    own = of_host(known, host)
    for name in FILES[host.rstrip("0123456789")]:
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(filled((HERE / name).read_text(), own))
        if name.endswith(".sh"):
            path.chmod(0o700)


def main(arguments: list[str]) -> int | str:
    if len(arguments) != 3:
        return __doc__
    if not re.fullmatch(rf"({'|'.join(FILES)})[0-9]+", arguments[1]):
        return f"{arguments[1]} is no host: its name is {' or '.join(FILES)} with a number."
    try:
        write(values(Path(arguments[0]).read_text()), arguments[1], Path(arguments[2]))
    except KeyError as error:
        return f"{error.args[0]} has no value in {arguments[0]}."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
