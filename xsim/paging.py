"""Tokens that lead to the next page. They name the last id seen, so posts that arrive later shift nothing."""

from collections.abc import Iterable
from itertools import islice
from zlib import crc32

from xsim.corpus import Post
from xsim.params import Params
from xsim.problems import JsonObject, invalid

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BOUND_NAMES = ("query", "start_time", "end_time", "since_id", "until_id", "exclude")
TOKEN_NAMES = frozenset({"next_token", "pagination_token"})


def page(posts: Iterable[Post], size: int, seal: int) -> tuple[list[Post], JsonObject]:
    """The first `size` posts, and the answer's meta object."""
    taken = list(islice(posts, size + 1))
    shown = taken[:size]
    meta: JsonObject = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if len(taken) > size:
        meta["next_token"] = _base36(int(shown[-1].id) << 32 | seal)
    return shown, meta


def seal_of(path: str, params: Params) -> int:
    """A checksum of all that must stay the same from page to page."""
    return crc32("\n".join([path, *(params.get(name) or "" for name in _BOUND_NAMES)]).encode())


def upper_bound(params: Params, seal: int, high: int) -> int:
    """The id below which this page starts."""
    for name in sorted(TOKEN_NAMES):
        token = params.get(name)
        if token is not None:
            return min(high, _last_id(name, token, seal))
    return high


def _last_id(name: str, token: str, seal: int) -> int:
    known = len(token) <= 24 and token.isascii() and token.isalnum()
    number = int(token, 36) if known else 0
    if number & 0xFFFFFFFF != seal or number >> 32 == 0:
        raise invalid(name, token, f"The `{name}` query parameter value [{token}] does not belong to this request")
    return number >> 32


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits.zfill(20)
