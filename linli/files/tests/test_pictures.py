"""Promise P22: photos carry no hidden data, and files do no harm."""

import io
import random
import subprocess
import sys
import time

import pytest
from PIL import Image

from linli.files import pictures
from linli.files.pictures import (
    LONG_SIDE,
    MOST_BYTES,
    MOST_PIXELS,
    MOST_PIXELS_COPIED,
    THUMB_SIDE,
    Refused,
    remake,
)

from . import corpus

ALLOWED = {0xD8, 0xE0, 0xDB, 0xC2, 0xC4, 0xDA}  # start, JFIF, tables, progressive frame, scans


def made(content):
    return remake(io.BytesIO(content), len(content))


def markers(jpeg):
    """The segments of a JPEG up to its first scan, and what follows its end."""
    found, place = [0xD8], 2
    while True:
        assert jpeg[place] == 0xFF
        marker = jpeg[place + 1]
        found.append(marker)
        if marker == 0xDA:
            break
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4])
    return found, jpeg[jpeg.rindex(b"\xff\xd9") + 2 :]


def corner(picture, x, y):
    red, green, blue = picture.convert("RGB").getpixel(
        (int(x * (picture.width - 1)), int(y * (picture.height - 1)))
    )
    names = {(1, 0, 0): "red", (0, 1, 0): "green", (0, 0, 1): "blue", (1, 1, 1): "white"}
    return names.get((red > 128, green > 128, blue > 128), f"{red},{green},{blue}")


def check_clean(done):
    for jpeg in (done.full, done.thumb):
        for canary in corpus.CANARIES:
            assert canary not in jpeg
        found, rest = markers(jpeg)
        assert set(found) <= ALLOWED
        assert rest == b""
        with Image.open(io.BytesIO(jpeg)) as picture:
            picture.load()
            assert {
                name for name in picture.info if not name.startswith(("jfif", "progress"))
            } == set()
            assert dict(picture.getexif()) == {}


@pytest.mark.parametrize("name", corpus.LADEN)
def test_nothing_but_the_picture_survives(name):
    upload = corpus.LADEN[name]()
    assert any(canary in upload for canary in corpus.CANARIES)  # it did carry something
    check_clean(made(upload))


@pytest.mark.parametrize("name", ["comment", "all"])
def test_without_the_clean_sheet_the_same_check_finds_what_survives(name, monkeypatch):
    """Encoders pass on a comment that nobody asked them to keep."""
    monkeypatch.setattr(pictures, "_clean", lambda picture: picture)
    done = made(corpus.LADEN[name]())
    with pytest.raises(AssertionError, match="CANARY"):
        check_clean(done)


@pytest.mark.parametrize("name", corpus.HOSTILE)
def test_what_is_no_picture_is_refused_with_a_sentence(name):
    upload = corpus.HOSTILE[name]()
    began = time.monotonic()
    with pytest.raises(Refused) as refused:
        made(upload)
    assert len(str(refused.value)) > 10
    assert "CANARY" not in str(refused.value)
    assert time.monotonic() - began < 5


def test_the_sentence_helps():
    def sentence(name):
        with pytest.raises(Refused) as refused:
            made(corpus.HOSTILE[name]())
        return str(refused.value)

    assert "JPEG" in sentence("heic")
    assert sentence("heic") != sentence("words")
    assert sentence("gif") == sentence("moving gif") != sentence("words")
    assert sentence("bomb") not in {sentence("words"), sentence("heic")}


def test_the_limit_of_bytes_is_a_limit():
    with pytest.raises(Refused, match="12 MB"):
        remake(io.BytesIO(corpus.jpeg()), MOST_BYTES + 1)
    assert made(corpus.jpeg() + b"\0" * (MOST_BYTES - len(corpus.jpeg())))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_the_camera_was_held_the_picture_stands_upright(orientation):
    """The upload is the drawing turned the other way, with a note how to turn it back."""
    back = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(orientation)
    drawing = corpus.drawing(640, 480)
    turned = drawing.transpose(pictures._TURNS[back]) if back else drawing
    done = made(corpus.saved(turned, exif=corpus.exif(orientation)))
    assert (done.width, done.height) == (640, 480)
    for jpeg in (done.full, done.thumb):
        with Image.open(io.BytesIO(jpeg)) as picture:
            corners = [corner(picture, x, y) for x, y in [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9)]]
        assert corners == ["red", "green", "blue"]


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow's; elsewhere it is only printed
def test_a_broken_orientation_does_no_harm():
    broken = corpus.jpeg(exif=corpus.exif(6)).replace(b"MM\0*\0\0\0\x08", b"MM\0*\xff\xff\xff\xff")
    broken = broken.replace(b"II*\0\x08\0\0\0", b"II*\0\xff\xff\xff\xff")
    assert (made(broken).width, made(broken).height) == (640, 480)


@pytest.mark.parametrize(
    ("size", "full", "thumb"),
    [
        ((1, 1), (1, 1), (1, 1)),
        ((4000, 3000), (1600, 1200), (320, 240)),
        ((1600, 1600), (1600, 1600), (320, 320)),
        ((100, 5000), (32, 1600), (6, 320)),
        ((20_000, 1), (1600, 1), (320, 1)),
    ],
)
def test_sizes(size, full, thumb):
    done = made(corpus.saved(Image.new("RGB", size, "green"), "PNG"))
    assert (done.width, done.height) == full
    with Image.open(io.BytesIO(done.full)) as picture:
        assert picture.size == full
    with Image.open(io.BytesIO(done.thumb)) as picture:
        assert picture.size == thumb
    assert max(full) <= LONG_SIDE
    assert max(thumb) <= THUMB_SIDE


@pytest.mark.parametrize(
    ("mode", "form"),
    [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"),
     ("I;16", "PNG"), ("RGBA", "WEBP")],
)  # fmt: skip
def test_every_kind_of_colour_becomes_rgb(mode, form):
    source = corpus.drawing(mode="L").convert("I").point(lambda dot: dot * 256).convert("I;16") \
        if mode == "I;16" else corpus.drawing(mode=mode)  # fmt: skip
    done = made(corpus.saved(source, form))
    with Image.open(io.BytesIO(done.full)) as picture:
        assert picture.mode == "RGB"
        assert corner(picture, 0.9, 0.9) == "white"
        grey = picture.getpixel((10, 10))
    if mode in ("L", "LA", "I;16"):
        assert all(abs(part - 76) < 6 for part in grey)  # red, as grey


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white_not_black(mode):
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0)).convert(mode)
    done = made(corpus.saved(clear, "PNG", **({"transparency": 0} if mode == "P" else {})))
    with Image.open(io.BytesIO(done.full)) as picture:
        assert corner(picture, 0.5, 0.5) == "white"


def test_of_a_moving_picture_the_first_frame_is_taken():
    frames = [corpus.drawing(), Image.new("RGB", (640, 480), "black")]
    moving = corpus.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(made(moving).full)) as picture:
        assert corner(picture, 0.1, 0.1) == "red"


def test_the_same_upload_gives_the_same_bytes():
    assert made(corpus.jpeg()) == made(corpus.jpeg())


@pytest.mark.parametrize("seed", range(6))
def test_damaged_uploads_are_refused_or_cleaned_never_crashed_on(seed):
    """A third of P22's corpus: forty damaged copies for each seed."""
    draw = random.Random(seed)
    uploads = [make() for make in corpus.LADEN.values()]
    kept = 0
    for _ in range(40):
        damaged = bytearray(draw.choice(uploads))
        for _ in range(draw.randrange(1, 20)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        try:
            done = made(bytes(damaged))
        except Refused:
            continue
        kept += 1
        assert not any(canary in done.full + done.thumb for canary in corpus.CANARIES)
        assert set(markers(done.full)[0]) <= ALLOWED
    assert kept < 40


LARGE = """
import re, sys
from linli.files.pictures import remake
with open(sys.argv[1], "rb") as file:
    done = remake(file, 1)
assert done.width == 1600, done.width
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])
"""


@pytest.mark.parametrize(
    ("form", "mode", "width", "height"),
    [("JPEG", "RGB", 8000, 5000), ("PNG", "RGB", 8000, 5000), ("PNG", "P", 8000, 5000),
     ("PNG", "RGBA", 5000, 3200), ("WEBP", "RGBA", 5000, 3200)],
)  # fmt: skip
def test_the_largest_that_is_taken_needs_less_than_300_mb(form, mode, width, height, tmp_path):
    """In a process of its own: its peak is the decoder's and nobody else's."""
    assert width * height in (MOST_PIXELS, MOST_PIXELS_COPIED)
    path = tmp_path / "large"
    picture = Image.new("RGB", (width, height), "green").convert(mode)
    path.write_bytes(corpus.saved(picture, form, **({"quality": 50} if form != "PNG" else {})))
    done = subprocess.run(
        [sys.executable, "-c", LARGE, str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) < 300_000  # kB


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_one_dot_too_many_is_refused_before_it_is_decoded(form, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    monkeypatch.setattr(pictures, "MOST_PIXELS_COPIED", 100)
    monkeypatch.setattr(Image.Image, "convert", lambda *a: pytest.fail("decoded"))
    upload = corpus.saved(Image.new("RGB", (101, 1)), form)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *a: pytest.fail("decoded"))
    with pytest.raises(Refused, match="照片太大"):
        made(upload)
