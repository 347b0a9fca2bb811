"""Making an upload into a picture that is safe to show: decoded, made small, drawn anew.

The decoders meet bytes from strangers. What may become too large is refused before it is decoded,
and whatever a decoder raises ends in a sentence for the sender.
"""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from django.utils.translation import gettext as _
from PIL import Image

MOST_BYTES: Final = 12 * 1024 * 1024
MOST_PIXELS: Final = 40_000_000
LONG_SIDE: Final = 1600  # pixels
THUMB_SIDE: Final = 320
QUALITY: Final = 82
FORMATS: Final = ("JPEG", "PNG", "WEBP")
# WebP, and whatever is partly transparent, unpacks into several copies at once: less room for them.
MOST_PIXELS_COPIED: Final = 16_000_000

_ORIENTATION: Final = 0x0112  # EXIF: which way up the camera was held
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # Pillow's own guard, for whatever slips past ours


class Refused(ValueError):
    """A picture that is not taken; the message is for the person who sent it."""


@dataclass(frozen=True)
class Remade:
    """Two JPEGs of one picture, with nothing in them but the picture."""

    full: bytes
    thumb: bytes
    width: int
    height: int


def remake(source: IO[bytes], size: int) -> Remade:
    """The picture of an upload of `size` bytes; of a moving one the first frame.

    Raises Refused with a sentence for anything that is no picture, too big, or broken.
    """
    if size > MOST_BYTES:
        raise Refused(_("This picture is larger than 12 MB. Please take it a little smaller."))
    with _refusing(source):
        picture = _clean(_decoded(source))
        full = _encoded(picture)
        small = picture.copy()
        small.thumbnail((THUMB_SIDE, THUMB_SIDE))
        return Remade(full, _encoded(small), picture.width, picture.height)


@contextlib.contextmanager
def _refusing(source: IO[bytes]) -> Iterator[None]:
    """Decoders raise nearly everything there is: OSError, SyntaxError, struct.error, MemoryError."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        sentence = _("This picture has more dots than we can take. Please send it smaller.")
        raise Refused(sentence) from error
    except Exception as error:
        raise Refused(_sentence(source)) from error


def _sentence(source: IO[bytes]) -> str:
    source.seek(0)
    head = source.read(16)
    if head[4:8] == b"ftyp":
        return _("Please send this picture as JPEG: on an iPhone choose “most compatible”.")
    if head.startswith(b"GIF8"):
        return _("Moving pictures are not taken. Please send a photo or a screenshot.")
    return _("We cannot read this as a picture. JPEG, PNG and WebP work; a screenshot always does.")


def _decoded(source: IO[bytes]) -> Image.Image:
    """The picture, upright, at most LONG_SIDE; decoded no larger than it must be."""
    source.seek(0)
    with Image.open(source, formats=FORMATS) as probe:
        # The header says how large it would become: a bomb is refused before it is decoded.
        copied = probe.format == "WEBP" or probe.has_transparency_data
        if probe.width * probe.height > (MOST_PIXELS_COPIED if copied else MOST_PIXELS):
            raise Image.DecompressionBombError
        probe.verify()
    source.seek(0)
    with Image.open(source, formats=FORMATS) as picture:
        # A JPEG can be decoded at a half, a quarter or an eighth, which saves most of the memory.
        picture.draft("RGB", (2 * LONG_SIDE, 2 * LONG_SIDE))
        picture.load()
        turn = _TURNS.get(_orientation(picture))
        small = _in_true_colours(picture)
        small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
        return small.transpose(turn) if turn is not None else small.copy()


def _orientation(picture: Image.Image) -> int:
    """1, upright, where the EXIF is broken: the picture itself may still be good."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 1


def _in_true_colours(picture: Image.Image) -> Image.Image:
    """Palettes and single bits cannot be made smaller smoothly; the rest is converted when small."""
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    if picture.mode.startswith("I;16"):  # 16 bits of grey: the upper eight
        return picture.point(lambda dot: dot / 256, "L")
    return picture.convert("L") if picture.mode == "1" else picture


def _clean(picture: Image.Image) -> Image.Image:
    """The dots alone on white: EXIF, GPS, XMP, comments and colour profiles stay behind."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        seen = picture.convert("RGBA")
        clean.paste(seen, mask=seen.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean


def _encoded(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
