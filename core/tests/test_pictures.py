"""A22: what is uploaded is drawn anew, and nothing else of it is kept."""

import io

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from core.drawing import pictures


def picture(kind="PNG", size=(40, 30), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **options)
    return out.getvalue()


def anew(content):
    return pictures.anew(io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("WEBP", "RGB")],
)
def test_a_picture_becomes_a_jpeg(kind, mode):
    made = anew(picture(kind, mode=mode))
    with Image.open(io.BytesIO(made.content)) as read:
        assert (read.format, read.size) == ("JPEG", (40, 30)) == ("JPEG", (made.width, made.height))


@pytest.mark.requirement("A22")
def test_nothing_but_the_picture_is_left():
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    exif[0x0110] = "SECRET-CAMERA"
    content = picture("JPEG", exif=exif, comment=b"SECRET-COMMENT") + b"SECRET-TAIL<script>"
    assert b"SECRET" in content
    made = anew(content)
    assert b"SECRET" not in made.content
    with Image.open(io.BytesIO(made.content)) as read:
        assert dict(read.getexif()) == {}


def test_what_the_camera_turned_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    made = anew(picture("JPEG", size=(40, 30), exif=exif))
    assert (made.width, made.height) == (30, 40)


@pytest.mark.requirement("A22")
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.4",
        picture()[:60],
        picture("GIF", mode="P"),
        b"\\x89PNG\\r\\n\\x1a\\n" + b"\\0" * 100,
    ],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(ValidationError, match="can't read this picture"):
        anew(content)


def test_what_is_too_large_is_refused_before_it_is_unpacked(monkeypatch):
    with pytest.raises(ValidationError, match="at most 10 MB"):
        pictures.anew(io.BytesIO(b""), 10_000_001)
    monkeypatch.setattr(pictures, "PIXELS", 100)
    with pytest.raises(ValidationError, match="pixels"):
        anew(picture())


def test_a_large_one_becomes_smaller():
    made = anew(picture(size=(3_000, 1_500)))
    assert (made.width, made.height) == (2_400, 1_200)


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(ValidationError, match="can't read this picture"):
        anew(picture(size=(400, 400)))


def noisy(width, height):
    """A picture that is hard to pack: noise, with a white dot at its right edge."""
    drawn = Image.effect_noise((width, height), 90).convert("RGB")
    drawn.paste("white", (width - 40, 0, width, 40))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=95)
    return out.getvalue()


@pytest.mark.parametrize("size", [(2_400, 1_600), (1_000, 2_000), (300, 200)])
def test_what_a_page_shows_is_cut_to_its_shape_and_small(size):
    made = pictures.cut(noisy(*size), (960, 480), (50, 50))
    assert made.width == 2 * made.height
    assert made.width <= min(960, size[0])
    assert len(made.content) <= 60_000


def test_it_is_cut_around_its_focus():
    for focus, bright in (((100, 0), True), ((0, 100), False)):
        made = pictures.cut(noisy(1_200, 1_200), (960, 480), focus)
        with Image.open(io.BytesIO(made.content)) as read:
            assert (min(read.getpixel((read.width - 8, 8))) > 230) is bright


def test_a_logo_stays_whole():
    made = pictures.within(noisy(800, 400), (320, 160))
    assert (made.width, made.height) == (320, 160)
