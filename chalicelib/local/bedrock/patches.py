"""Connected patches of one tone, for counting."""

from PIL import Image, ImageChops

from .painter.colour import Colour

Box = tuple[int, int, int, int]
_GAP = 1


def patches(picture: Image.Image, tone: Colour, tolerance: int) -> list[Box]:
    """The boxes of all patches of at least two by two pixels; gaps of one pixel do not part them."""
    mask = _mask(picture, tone, tolerance)
    bounds = mask.getbbox()
    if bounds is None:
        return []
    left, top, right, bottom = bounds
    rows = mask.crop(bounds)
    width, raw = rows.width, rows.tobytes()
    merged: list[_Patch] = []
    for row in range(bottom - top):
        line = raw[row * width : (row + 1) * width]
        if any(line):
            merged = _join(merged, _runs(line), row)
    return [
        (left + patch.left, top + patch.top, left + patch.right, top + patch.bottom)
        for patch in merged
        if patch.area >= 4 and patch.right - patch.left >= 2 and patch.bottom - patch.top >= 2
    ]


class _Patch:
    """A patch being grown; `runs` are those of its lowest rows."""

    def __init__(self, run: tuple[int, int], row: int) -> None:
        self.left, self.right = run
        self.top, self.bottom = row, row + 1
        self.area = run[1] - run[0]
        self.runs = {row: [run]}

    def touches(self, run: tuple[int, int], row: int) -> bool:
        above = [each for near in range(row - 1 - _GAP, row + 1) for each in self.runs.get(near, ())]
        return any(first <= run[1] + _GAP and run[0] <= last + _GAP for first, last in above)

    def absorb(self, other: "_Patch") -> None:
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        self.area += other.area
        for row, runs in other.runs.items():
            self.runs[row] = self.runs.get(row, []) + runs


def _join(patches_: list[_Patch], runs: list[tuple[int, int]], row: int) -> list[_Patch]:
    for run in runs:
        grown = _Patch(run, row)
        apart = []
        for patch in patches_:
            if patch.touches(run, row):
                grown.absorb(patch)
            else:
                apart.append(patch)
        patches_ = [*apart, grown]
    return patches_


def _runs(line: bytes) -> list[tuple[int, int]]:
    runs, position = [], line.find(b"\xff")
    while position >= 0:
        end = line.find(b"\x00", position)
        end = len(line) if end < 0 else end
        runs.append((position, end))
        position = line.find(b"\xff", end)
    return runs


def _mask(picture: Image.Image, tone: Colour, tolerance: int) -> Image.Image:
    masks = [
        band.point([255 if abs(level - part) <= tolerance else 0 for level in range(256)])
        for band, part in zip(picture.split(), tone, strict=True)
    ]
    return ImageChops.multiply(ImageChops.multiply(masks[0], masks[1]), masks[2])
