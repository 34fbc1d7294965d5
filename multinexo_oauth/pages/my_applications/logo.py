"""Turn an uploaded image into a logo that is safe to serve."""

import io
from typing import IO, Any

from PIL import Image, ImageOps

MAX_BYTES = 1024 * 1024
MAX_PIXELS = 4096 * 4096
SIZE = (256, 256)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


class NotALogo(Exception):
    """The file cannot be read as an image."""


class TooManyPixels(NotALogo):
    """The image would take too much memory to read."""


def as_png(upload: IO[bytes] | Any) -> bytes:
    """Return the image drawn afresh as a small PNG, so that nothing else the file held is kept.

    Raises NotALogo; TooManyPixels for more than 16 megapixels.
    """
    try:
        upload.seek(0)
        with Image.open(upload, formats=FORMATS) as image:
            _refuse_bomb(image)
            return _encode(image)
    except NotALogo:
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:
        # On malformed files Pillow's decoders raise many kinds: SyntaxError, struct.error, IndexError and more.
        raise NotALogo from error


def _refuse_bomb(image: Image.Image) -> None:
    """Look at the size that the header tells, before any pixel is decoded."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise TooManyPixels


def _encode(image: Image.Image) -> bytes:
    if image.mode not in {"L", "RGB", "RGBA"}:
        image = image.convert("RGBA")
    image.thumbnail(SIZE)
    drawn = ImageOps.exif_transpose(image).convert("RGBA")
    # A new image has none of the original's metadata.
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    output = io.BytesIO()
    clean.save(output, "PNG", optimize=True)
    return output.getvalue()
