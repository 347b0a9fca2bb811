"""A page of PDF with plain lines and a QR code, written by hand: no library is needed for so little.

Chinese letters come from the font that PDF itself names for them (STSong-Light, Adobe-GB1), which
readers bring along or replace; nothing is embedded, so a page is a few kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno

WIDTH, HEIGHT = 595, 842  # A4 in points
_FONT: Final = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H"
    b" /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    b" /DW 1000 /W [1 95 500] /FontDescriptor 7 0 R >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)


@dataclass(frozen=True)
class Line:
    """A line of text: its letters' size in points and the height of its foot above the edge."""

    text: str
    size: int
    above: int


def width_of(text: str, size: float) -> float:
    """How wide a line is set, in points: Latin letters half as wide as Chinese ones."""
    return sum(0.5 if sign.isascii() else 1.0 for sign in text) * size


def page(lines: Sequence[Line], link: str, title: str) -> bytes:
    """One A4 page: the lines centred, and `link` as a QR code at the foot."""
    drawn = b"".join([*(_set(line) for line in lines), _qr(link)])
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>" % (WIDTH, HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        *_FONT,
        b"<< /Title <FEFF%s> /Producer (Linli) >>" % _hex(title),
    ]
    return _file(objects)


def _set(line: Line) -> bytes:
    size = float(line.size)
    while width_of(line.text, size) > WIDTH - 80 and size > 6:  # long names get smaller letters
        size -= 0.5
    left = (WIDTH - width_of(line.text, size)) / 2
    return b"BT /F1 %.1f Tf %.1f %d Td <%s> Tj ET\n" % (size, left, line.above, _hex(line.text))


def _hex(text: str) -> bytes:
    """UCS-2, big end first; what lies beyond its plane is shown as a square."""
    plain = "".join(sign if ord(sign) < 0x10000 else "\u25a1" for sign in text)
    return plain.encode("utf-16-be").hex().upper().encode()


def _qr(link: str, size: float = 3.0, above: float = 90.0) -> bytes:
    rows = [list(row) for row in segno.make(link, error="m", micro=False).matrix]
    left = (WIDTH - len(rows) * size) / 2
    squares = [
        b"%.1f %.1f %.1f %.1f re" % (
            left + x * size, above + (len(rows) - 1 - y) * size, size, size
        )
        for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]  # fmt: skip
    return b"\n".join(squares) + b"\nf\n"


def _file(objects: Sequence[bytes]) -> bytes:
    body, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, said in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, len(objects), table,
    )  # fmt: skip
    return bytes(body)
