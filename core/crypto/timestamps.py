"""Time stamps of RFC 3161: an authority says that something was there, and when. It learns a SHA-256 and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from rfc3161_client import TimeStampRequest, TimeStampResponse

GRANTED = 0
OUT_OF_ORDER = "its certificates are in an order that DER does not allow: let it send its own alone, not its CA's"


class Unverified(Exception):
    """It is no time stamp of that content by that authority; the message says why."""


@dataclass(frozen=True)
class Stamp:
    """`by`: the authority, as its certificate names it."""

    at: datetime
    by: str


def request(content: bytes) -> TimeStampRequest:
    """What an authority is asked: for its certificate too, and with a nonce."""
    # 4 MB that few processes need, here and below.
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()


def certificates(file: Path) -> list[x509.Certificate]:
    """Those in a file of PEM, one at least. Raises OSError, ValueError."""
    return x509.load_pem_x509_certificates(file.read_bytes())


def verified(answer: bytes, content: bytes, trusted: list[x509.Certificate], nonce: int | None = None) -> Stamp:
    """What `answer` (DER) says of `content`, by an authority below one of `trusted` at that time. `nonce`: that of the request, None
    where nobody knows it any more. Raises Unverified."""
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    if not trusted:
        raise Unverified("no certificate is trusted")
    try:
        response = decode_timestamp_response(answer)
        if response.status != GRANTED:
            raise Unverified(f"refused: {' '.join(response.status_string) or response.status}"[:200])
        VerifierBuilder(roots=trusted, nonce=nonce).build().verify_message(response, content)
        return Stamp(response.tst_info.gen_time, _signer(response))
    except VerificationError as error:
        raise Unverified(str(error)) from error
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise Unverified(OUT_OF_ORDER if "InvalidSetOrdering" in str(error) else f"not readable: {error}") from error


def _signer(response: TimeStampResponse) -> str:
    """Its name, and whose it is; the verifier has found this certificate already."""
    (info,) = response.signed_data.signer_infos
    known = (x509.load_der_x509_certificate(der) for der in response.signed_data.certificates)
    subject = next(one.subject for one in known if (one.issuer, one.serial_number) == (info.issuer, info.serial_number))
    names = [
        str(name.value)
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for name in subject.get_attributes_for_oid(oid)
    ]
    return re.sub(r"\s+", " ", ", ".join(names) or subject.rfc4514_string())[:200]
