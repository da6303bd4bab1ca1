"""The finished picture as bytes, signed as the stand-in's."""

from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SOFTWARE = "Retake stand-in"


def encoded(picture: Image.Image, encoding: str) -> bytes:
    """PNG with a Software chunk, or JPEG with a comment."""
    target = BytesIO()
    if encoding == "PNG":
        signed = PngInfo()
        signed.add_text("Software", SOFTWARE)
        picture.save(target, "PNG", pnginfo=signed, compress_level=3)
    else:
        picture.save(target, "JPEG", quality=92, subsampling=0, comment=SOFTWARE.encode("ascii"))
    return target.getvalue()
