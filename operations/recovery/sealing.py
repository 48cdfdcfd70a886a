"""age: a backup is written for recipients, whose identities are not on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyrage import x25519

# pyrage is loaded where it is used: a web process needs it for the picture of a sheet alone (petitions/paper/scanning.py).


class SealError(Exception):
    """A recipient, an identity or a sealed file is not what it should be; the message says which, and no secret."""


def recipients(listed: Iterable[str]) -> list[x25519.Recipient]:
    """Raises SealError."""
    from pyrage import RecipientError, x25519

    found = []
    for text in listed:
        try:
            found.append(x25519.Recipient.from_str(text))
        except RecipientError as error:
            raise SealError(f"{text} is no age recipient: it begins with age1 and is copied whole.") from error
    return found


def identities(path: Path) -> list[x25519.Identity]:
    """Those in a file as age-keygen writes it: one a line, comments begin with #. Raises SealError, OSError."""
    from pyrage import IdentityError, x25519

    lines = (line.strip() for line in path.read_text().splitlines())
    try:
        found = [x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except IdentityError as error:
        raise SealError(f"{path} is no file of age identities (AGE-SECRET-KEY-1…).") from error
    if not found:
        raise SealError(f"{path} holds no age identity.")
    return found


def new_identity() -> tuple[str, str]:
    """(identity, its recipient)."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(plain: Any, sealed: Any, to: list[x25519.Recipient]) -> None:
    """From one stream into the other."""
    import pyrage

    pyrage.encrypt_io(plain, sealed, to)


def unseal(sealed: Any, plain: Any, using: list[x25519.Identity]) -> None:
    """From one stream into the other: whatever came before a fault has been written by then. Raises SealError, and OSError as the
    streams do."""
    import pyrage

    try:
        pyrage.decrypt_io(sealed, plain, using)
    except pyrage.DecryptError as error:
        raise SealError(f"It can't be decrypted: the identity is another one ({error}).") from error
    except OSError as error:
        # A part that does not fit, or is missing, is told so.
        if error.errno is None:
            raise SealError(f"It can't be decrypted: the file is cut or damaged ({error}).") from error
        raise
