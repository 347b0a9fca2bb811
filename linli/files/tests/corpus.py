"""Uploads for tests, made on the spot: good ones, and those that strangers send."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

CANARIES = [b"CANARY", b"xmpmeta", b"Exif", b"ICC_PROFILE", b"GPSLatitude", b"http://ns.adobe"]


def drawing(width=640, height=480, mode="RGB"):
    """Red top left, green top right, blue bottom left, white bottom right."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    half_x, half_y = width // 2, height // 2
    draw.rectangle((0, 0, half_x - 1, half_y - 1), fill="red")
    draw.rectangle((half_x, 0, width, half_y - 1), fill="lime")
    draw.rectangle((0, half_y, half_x - 1, height), fill="blue")
    return picture.convert(mode)


def saved(picture, form="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def exif(orientation=1):
    """Where, when and with what it was taken, and a small picture of it inside."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = "CANARY description"
    found[0x013B] = "CANARY artist"
    found[0x8298] = "CANARY copyright"
    place = found.get_ifd(0x8825)
    place[1], place[3] = "N", "E"
    place[2] = tuple(IFDRational(part) for part in (31, 23, 45))
    place[4] = tuple(IFDRational(part) for part in (119, 29, 3))
    place[29] = "CANARY:26"
    found.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0CANARY comment"
    return found


def segment(marker, body):
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def with_segments(jpeg, *segments):
    """Put segments just after the start of a JPEG."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


XMP = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>CANARY xmp</x:xmpmeta>")
IPTC = segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x10\x1c\x02\x78\0\x0bCANARY iptc")
COMMENT = segment(0xFE, b"CANARY comment of the file")
MAKER = segment(0xEF, b"CANARY application segment")


def jpeg(**options):
    return saved(drawing(), **options)


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("CANARY.txt", b"CANARY inside the zip")
    return out.getvalue()


def chunk(kind, body):
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)


def bomb(width=20_000, height=20_000):
    """A PNG of 400 million dots in a few hundred kilobytes."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    line = b"\0" * (1 + (width + 7) // 8)
    dots = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    parts = chunk(b"IHDR", head), chunk(b"IDAT", dots), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def text_bomb():
    """A PNG whose compressed text unpacks to a hundred megabytes."""
    packer = zlib.compressobj(9)
    text = b"".join(packer.compress(b"A" * 1_000_000) for _ in range(100)) + packer.flush()
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"zTXt", b"CANARY\0\0" + text),
             chunk(b"IDAT", zlib.compress(b"\0\0")), chunk(b"IEND", b""))  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def png_with_text():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "CANARY")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>CANARY</x:xmpmeta>")
    return saved(drawing(), "PNG", pnginfo=info, exif=exif(), icc_profile=b"CANARY ICC" * 20)


# name -> bytes: everything that carries something which must not survive
LADEN = {
    "gps": lambda: jpeg(exif=exif()),
    "icc": lambda: jpeg(icc_profile=b"CANARY profile" * 20),
    "comment": lambda: with_segments(jpeg(), COMMENT),
    "xmp": lambda: with_segments(jpeg(), XMP),
    "iptc": lambda: with_segments(jpeg(), IPTC),
    "maker": lambda: with_segments(jpeg(), MAKER),
    "all": lambda: with_segments(jpeg(exif=exif(6)), XMP, IPTC, COMMENT, MAKER),
    "zip appended": lambda: jpeg() + archive(),
    "script appended": lambda: jpeg() + b"<script>CANARY</script>",
    "page in a comment": lambda: with_segments(jpeg(), segment(0xFE, b"<html>CANARY<script>")),
    "two in one": lambda: saved(drawing(), "MPO", save_all=True, append_images=[drawing(9, 9)],
                                exif=exif()),
    "png": png_with_text,
    "png with a zip": lambda: png_with_text() + archive(),
    "webp": lambda: saved(drawing(), "WEBP", exif=exif(), xmp=b"<x:xmpmeta>CANARY", quality=90,
                          icc_profile=b"CANARY ICC" * 20),
}  # fmt: skip

# name -> bytes: everything that is no picture to us
HOSTILE = {
    "nothing": lambda: b"",
    "words": lambda: "这不是照片".encode() * 50,
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "svg": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "zip": archive,
    "pdf": lambda: b"%PDF-1.7 CANARY",
    "gif": lambda: saved(drawing(), "GIF"),
    "moving gif": lambda: saved(drawing(), "GIF", save_all=True, append_images=[drawing(9, 9)]),
    "tiff": lambda: saved(drawing(), "TIFF"),
    "bmp": lambda: saved(drawing(), "BMP"),
    "heic": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200,
    "jpeg head": lambda: jpeg()[:20],
    "jpeg cut": lambda: jpeg()[:-2000],
    "png cut": lambda: saved(drawing(), "PNG")[:300],
    "png head alone": lambda: saved(drawing(), "PNG")[:33],
    "png turned bits": lambda: saved(drawing(), "PNG").replace(b"IDAT", b"IDAT\xff", 1),
    "webp cut": lambda: saved(drawing(), "WEBP")[:200],
    "bomb": bomb,
    "wide bomb": lambda: bomb(60_000, 1_000),
    "text bomb": text_bomb,
    "no dots": lambda: bomb(0, 0),
}
