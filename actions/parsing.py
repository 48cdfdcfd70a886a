"""What X takes for an address and for one emoji. static/js/signs.js says the same to browsers: `make signs` writes it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

# Python takes these for an i and an s in whatever case, X does not; each goes by another letter of its kind.
TURNED = str.maketrans("İıſ", "ĭĭŝ")
# Of a part of a host, once it is written in ASCII; of an address in all; of what follows t.co/.
LONGEST_LABEL, LONGEST, LONGEST_SLUG = 63, 4_096, 40


def addresses(text: str) -> list[tuple[int, int]]:
    """Where addresses begin and end, as X's own library finds them; that of Python refuses hosts by a rule of its own besides."""
    # Half a second and a tenth of a process's memory: few texts need it.
    from twitter_text.regexp.extract_url import extract_url

    found = list[tuple[int, int]]()
    for match in extract_url.finditer(text.translate(TURNED)):
        end = match.end()
        start = end - len(match[3])
        if end - start > LONGEST or not all(map(_fits, match[5].split("."))):
            continue
        if match[4]:
            found += _with_protocol(match[3], start, end)
        else:
            found += _without_protocol(match, start)
    return found


def _with_protocol(url: str, start: int, end: int) -> list[tuple[int, int]]:
    """Of an address that X has shortened itself no more counts than such a one has."""
    from twitter_text.regexp.valid_tco_url import valid_tco_url

    short = valid_tco_url.match(url)
    if short is None:
        return [(start, end)]
    return [(start, start + short.end())] if len(short[1]) <= LONGEST_SLUG else []


def _without_protocol(match: re.Match[str], start: int) -> list[tuple[int, int]]:
    """Only hosts in Latin letters count then, and those after a letter of another script do."""
    from twitter_text.regexp.valid_ascii_domain import valid_ascii_domain

    if match[2] in tuple("-_./"):
        return []
    hosts = [(start + host.start(), start + host.end()) for host in valid_ascii_domain.finditer(match[5])]
    if hosts and match[7]:
        hosts[-1] = hosts[-1][0], match.end()
    return hosts


def _fits(label: str) -> bool:
    return len(label if label.isascii() else b"xn--" + label.encode("punycode")) <= LONGEST_LABEL


@cache
def emoji() -> re.Pattern[str]:
    return re.compile(emoji_pattern())


def emoji_pattern() -> str:
    """A pattern of every emoji that Unicode recommends, the longest first; Python and JavaScript read it alike."""
    from emoji import EMOJI_DATA

    tree: dict[str, Any] = {}
    for known in EMOJI_DATA:
        node = tree
        for sign in known:
            node = node.setdefault(sign, {})
        node[""] = {}
    return _pattern(tree)


def _pattern(node: dict[str, Any]) -> str:
    """Signs that the same may follow stand in one class."""
    followed: dict[str, list[str]] = {}
    for sign, after in node.items():
        if sign:
            followed.setdefault(_pattern(after), []).append(sign)
    ways = sorted((_one_of(signs) + rest for rest, signs in followed.items()), key=len, reverse=True)
    if "" not in node:
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
    return f"(?:{'|'.join(ways)})?" if ways else ""


def _one_of(signs: list[str]) -> str:
    runs: list[list[str]] = []
    for sign in sorted(signs):
        if runs and ord(sign) == ord(runs[-1][-1]) + 1:
            runs[-1].append(sign)
        else:
            runs.append([sign])
    inside = "".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"[{inside}]" if len(signs) > 1 or inside == "*" else inside
