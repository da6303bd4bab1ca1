"""A picture prepared for looking: how exactly tones can be told, and how many pixels are near each.

PNG keeps tones exactly. JPEG moves them by a few levels and invents others along edges, so there the picture is calmed
first, only flat parts count, and the tones of one thing must lie close together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from io import BytesIO

from PIL import Image, ImageChops, ImageFilter

from .painter.colour import Colour

Tally = Mapping[int, list[tuple[Colour, int]]]

COUNTING_SIDE = 1024
_BLANK = (255, 0, 255)
_GRID = 40


class Sight:
    """One picture; raises PIL.UnidentifiedImageError for bytes that are none."""

    def __init__(self, raw: bytes) -> None:
        with Image.open(BytesIO(raw)) as opened:
            self.exact = opened.format == "PNG"
            picture = opened.convert("RGB")
        self.fingerprint = picture.resize((16, 16), Image.Resampling.BOX).tobytes()
        self.picture = picture if self.exact else _flat_parts(_calmed(picture))
        self.tolerance = 1 if self.exact else 5
        self.fewest = 4 if self.exact else 6
        self.smallest_patch = 4 if self.exact else 12

    def has(self, tone: Colour) -> bool:
        """Whether enough of a tone is there to be no accident."""
        return self.near(self._tones, tone) >= self.fewest

    def near(self, tones: Tally, tone: Colour) -> int:
        """Pixels within the tolerance of a tone."""
        reach, total = self.tolerance, 0
        red, green, blue = tone
        for bucket in _buckets(tone, reach):
            for (r, g, b), number in tones.get(bucket, ()):
                if abs(r - red) <= reach and abs(g - green) <= reach and abs(b - blue) <= reach:
                    total += number
        return total

    def together(self, tones: Sequence[Colour]) -> bool:
        """Whether all of these tones are close to each other somewhere."""
        picture = self.reduced(COUNTING_SIDE)
        cell = max(1, max(picture.size) // _GRID)
        common: Image.Image | None = None
        for tone in tones:
            cells = near_mask(picture, tone, self.tolerance).reduce(cell)
            spots = cells.point([255 if level >= 2 else 0 for level in range(256)]).filter(ImageFilter.MaxFilter(5))
            common = spots if common is None else ImageChops.multiply(common, spots)
        return common is not None and common.getbbox() is not None

    def reduced(self, longest: int) -> Image.Image:
        """The picture at most `longest` pixels a side, by leaving pixels out, so that tones stay as they are."""
        factor = max(1, -(-max(self.picture.size) // longest))
        if factor == 1:
            return self.picture
        size = (self.picture.width // factor, self.picture.height // factor)
        return self.picture.resize(size, Image.Resampling.NEAREST)

    @cached_property
    def _tones(self) -> Tally:
        return tally(self.reduced(512 if self.exact else COUNTING_SIDE))


def tally(picture: Image.Image) -> Tally:
    """The colours of a picture and how often they occur, in buckets of 16 levels a channel."""
    packed = Counter(memoryview(picture.convert("RGBX").tobytes()).cast("I"))
    buckets: dict[int, list[tuple[Colour, int]]] = {}
    for value, number in packed.items():
        key = value >> 4 & 15 | value >> 8 & 0xF0 | value >> 12 & 0xF00
        buckets.setdefault(key, []).append(((value & 255, value >> 8 & 255, value >> 16 & 255), number))
    return buckets


def near_mask(picture: Image.Image, tone: Colour, tolerance: int) -> Image.Image:
    """White where the picture has the tone."""
    masks = [
        band.point([255 if abs(level - part) <= tolerance else 0 for level in range(256)])
        for band, part in zip(picture.split(), tone, strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(masks[0], masks[1]), masks[2])


def _buckets(tone: Colour, reach: int) -> set[int]:
    """Those that hold every colour within `reach`, which is at most 8."""
    red, green, blue = ({max(0, part - reach) >> 4, min(255, part + reach) >> 4} for part in tone)
    return {r | g << 4 | b << 8 for r in red for g in green for b in blue}


def _calmed(picture: Image.Image) -> Image.Image:
    """Less of JPEG's noise around edges: halved where large, else the median of each neighbourhood."""
    return picture.reduce(2) if max(picture.size) >= 1400 else picture.filter(ImageFilter.MedianFilter(3))


def _flat_parts(picture: Image.Image) -> Image.Image:
    """The picture, blank wherever a pixel has no neighbour of its own colour on one of the axes."""
    along_x, along_y = (
        ImageChops.lighter(_same(picture, dx, dy), _same(picture, -dx, -dy)) for dx, dy in ((1, 0), (0, 1))
    )
    blank = Image.new("RGB", picture.size, _BLANK)
    blank.paste(picture, (0, 0), ImageChops.multiply(along_x, along_y))
    return blank


def _same(picture: Image.Image, dx: int, dy: int) -> Image.Image:
    red, green, blue = ImageChops.difference(picture, ImageChops.offset(picture, dx, dy)).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([255 if level <= 4 else 0 for level in range(256)])
