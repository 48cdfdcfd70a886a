"""What is in a pack: a PDF and a sheet that say the same, their SHA-256, and a statement of what they are, signed, and stamped where
an authority is configured. Nothing in it is from X."""

from __future__ import annotations

import hashlib
import io
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django_countries import countries

from campaigns.delivering import stamping
from campaigns.models import Delivery
from core.crypto import ed25519
from core.drawing import pdf, qr
from core.models import SigningKey
from core.text.translations import direction
from petitions import disclosure, tally
from petitions.exports.files import as_xlsx

# Of more names than this the PDF says that the sheet has them: hundreds of pages take longer than a page may be drawn.
PRINTED = 2_000


@dataclass(frozen=True)
class Contents:
    """What both files say. `countries`: (code, signatures), "" for those that can't be told apart."""

    delivery: Delivery
    made_at: datetime
    signatures: int
    countries: list[tuple[str, int]]
    names: list[str]


@dataclass(frozen=True)
class Pack:
    """`content`: a ZIP in clear."""

    content: bytes
    statement: str
    signed: bytes
    key: SigningKey
    stamp: bytes | None


def contents(delivery: Delivery, made_at: datetime, names: list[str]) -> Contents:
    """Figures as the public is told them; the names in the order of their letters."""
    petition = delivery.campaign.petition
    assert petition is not None
    total = disclosure.total(petition.policy, tally.confirmed(petition), petition.confirmed_hourly)
    return Contents(delivery, made_at, total, disclosure.by_country(petition), sorted(names, key=_letters))


def _letters(name: str) -> tuple[str, str]:
    """É stands with E."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold(), name


def build(of: Contents) -> Pack:
    """Raises Unprintable, NotYet."""
    delivery = of.delivery
    with translation.override(delivery.campaign.interface_language):
        files = {
            f"{delivery.name}.pdf": pdf.render(page(of), pdf.UNHURRIED),
            f"{delivery.name}.xlsx": b"".join(sheet(of)),
        }
        statement = _statement(of, {name: hashlib.sha256(content).hexdigest() for name, content in files.items()})
    key = ed25519.current()
    signed = ed25519.sign(key, statement.encode())
    stamp = stamping.stamp(delivery, statement.encode())
    return Pack(_zipped(files, statement, signed, stamp), statement, signed, key, stamp)


def page(of: Contents) -> str:
    """The HTML that becomes the PDF."""
    campaign = of.delivery.campaign
    language = campaign.interface_language
    check = settings.SITE_URL + of.delivery.get_absolute_url()
    context = {
        "campaign": campaign,
        "petition": campaign.petition,
        "target": of.delivery.target,
        "made_at": of.made_at,
        "signatures": of.signatures,
        "countries": [(str(countries.name(code)) if code else "", number) for code, number in of.countries],
        "names": of.names if len(of.names) <= PRINTED else [],
        "number_of_names": len(of.names),
        "check": check,
        "code": qr.data_url(check),
        "organisation": settings.ORGANISATION,
        "LANGUAGE_CODE": language,
        "text_direction": direction(language),
    }
    return render_to_string("campaigns/pack.html", context)


def sheet(of: Contents) -> list[bytes]:
    """The same as a table of texts."""
    rows = [["signatures", "", str(of.signatures)]]
    rows += [["country", str(countries.name(code)) if code else "others", str(number)] for code, number in of.countries]
    rows += [["name", name, ""] for name in of.names]
    return list(as_xlsx(["what", "which", "number"], rows))


def _statement(of: Contents, hashes: dict[str, str]) -> str:
    """What is signed: letter by letter the same wherever it is published."""
    delivery = of.delivery
    assert delivery.campaign.petition is not None
    told = {
        "site": settings.SITE_URL,
        "campaign": delivery.campaign.slug,
        "delivery": delivery.pk,
        "petition": delivery.campaign.petition.title,
        "for": delivery.target.name,
        "made": of.made_at.isoformat(timespec="seconds"),
        "signatures": of.signatures,
        "names": len(of.names),
        "sha256": hashes,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1)


def _zipped(files: dict[str, bytes], statement: str, signed: bytes, stamp: bytes | None) -> bytes:
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("SHA256SUMS", sums)
        archive.writestr("statement.json", statement)
        archive.writestr("statement.json.ed25519", signed.hex() + "\n")
        if stamp:
            archive.writestr("statement.json.tsr", stamp)
    return out.getvalue()
