"""Pictures that developers upload."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(
    size: tuple[int, int] = (600, 300), kind: str = "PNG", mode: str = "RGB", **options: object
) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size).save(output, kind, **options)
    return output.getvalue()


def upload(content: bytes, name: str = "marca.png", content_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)
