"""Pictures that somebody uploads, made anew: what is stored was drawn by us and holds nothing but the picture."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST, PIXELS = 10_000_000, 40_000_000
EDGE, QUALITY = 2_400, 85
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombWarning,
    Image.DecompressionBombError,
)
# Of what a page shows, in bytes, and how it is made smaller until it fits.
SMALL, STEPS = 60_000, (82, 74, 66, 58, 50, 40, 30, 20)
# What is taken; what comes out is always a JPEG.
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A JPEG without any metadata."""

    content: bytes
    width: int
    height: int


def anew(file: BinaryIO, size: int) -> Picture:
    """Raises ValidationError for what is no picture, or too large."""
    if size > LARGEST:
        raise ValidationError(_("A picture can have at most 10 MB."), code="large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=FORMATS) as read:
                if read.width * read.height > PIXELS:
                    raise ValidationError(_("A picture can have at most 40 million pixels."), code="large")
                drawn = ImageOps.exif_transpose(read).convert("RGBA")
    except UNREADABLE as error:
        message = _("We can't read this picture. Please use JPEG, PNG or WebP.")
        raise ValidationError(message, code="unreadable") from error
    drawn.thumbnail((EDGE, EDGE))
    sheet = Image.new("RGB", drawn.size, "white")
    sheet.paste(drawn, mask=drawn.getchannel("A"))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), sheet.width, sheet.height)


def cut(content: bytes, size: tuple[int, int], focus: tuple[int, int]) -> Picture:
    """The largest part of one of our pictures that has this shape, around `focus` (percent from left and top), no larger than `size`
    and SMALL."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as read:
        at = (focus[0] / 100, focus[1] / 100)
        shape = min(read.width / size[0], read.height / size[1], 1)
        return _small(ImageOps.fit(read, (round(size[0] * shape), round(size[1] * shape)), centering=at))


def within(content: bytes, size: tuple[int, int]) -> Picture:
    """One of our pictures, whole, no larger than `size` and SMALL."""
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as read:
        read.thumbnail(size)
        return _small(read)


def _small(drawn: Image.Image) -> Picture:
    for quality in STEPS:
        out = io.BytesIO()
        drawn.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= SMALL:
            return Picture(out.getvalue(), drawn.width, drawn.height)
    return _small(drawn.resize((drawn.width // 2, drawn.height // 2)))
