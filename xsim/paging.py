"""Tokens that lead to the next page. They name the last id seen, so posts that arrive later shift nothing."""

from collections.abc import Iterable
from itertools import islice
from zlib import crc32

from xsim.corpus import Post
from xsim.params import Params
from xsim.problems import JsonObject, invalid

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SEAL_BITS = 32
_BOUND_NAMES = ("query", "start_time", "end_time", "since_id", "until_id", "exclude", "granularity")
TOKEN_NAMES = frozenset({"next_token", "pagination_token"})


def page(posts: Iterable[Post], size: int, seal: int) -> tuple[list[Post], JsonObject]:
    """The first `size` posts, and the answer's meta object."""
    taken = list(islice(posts, size + 1))
    shown = taken[:size]
    meta: JsonObject = {"result_count": len(shown)}
    if shown:
        meta |= {"newest_id": shown[0].id, "oldest_id": shown[-1].id}
    if len(taken) > size:
        meta["next_token"] = make_token(int(shown[-1].id), seal)
    return shown, meta


def seal_of(path: str, params: Params) -> int:
    """A checksum of all that must stay the same from page to page."""
    return crc32("\n".join([path, *(params.get(name) or "" for name in _BOUND_NAMES)]).encode())


def upper_bound(params: Params, seal: int, high: int) -> int:
    """The id below which this page starts."""
    last = read_token(params, seal)
    return high if last is None else min(high, last)


def make_token(value: int, seal: int) -> str:
    """`value` is a positive number that says where the next page starts."""
    return _base36(value << _SEAL_BITS | seal)


def read_token(params: Params, seal: int) -> int | None:
    """The value of the token that was given, if any."""
    for name in sorted(TOKEN_NAMES):
        token = params.get(name)
        if token is not None:
            number = _number(token)
            if number % (1 << _SEAL_BITS) != seal or number >> _SEAL_BITS == 0:
                raise invalid(
                    name, token, f"The `{name}` query parameter value [{token}] does not belong to this request"
                )
            return number >> _SEAL_BITS
    return None


def overlapping(token: str) -> str:
    """The token of a page that begins with the last post of the page before it."""
    return _base36(_number(token) + (1 << _SEAL_BITS))


def _number(token: str) -> int:
    known = len(token) <= 24 and token.isascii() and token.isalnum()
    return int(token, 36) if known else 0


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits.zfill(20)
