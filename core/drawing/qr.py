"""Addresses as pictures for cameras."""

from __future__ import annotations

import base64

import qrcode
from qrcode.image.svg import SvgPathImage


def svg(address: str) -> bytes:
    drawn: bytes = qrcode.make(address, image_factory=SvgPathImage).to_string()
    return drawn


def data_url(address: str) -> str:
    """The picture itself as the source of an image, for pages that fetch nothing."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(address)).decode()}"
