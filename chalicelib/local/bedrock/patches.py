"""Connected patches of one tone, for counting."""

from PIL import Image

from .painter.colour import Colour
from .sight import near_mask

Box = tuple[int, int, int, int]
_GAP = 1


def patches(picture: Image.Image, tone: Colour, tolerance: int, smallest: int) -> list[Box]:
    """The boxes of all patches of at least `smallest` pixels, two by two; gaps of one pixel do not part them."""
    mask = near_mask(picture, tone, tolerance)
    bounds = mask.getbbox()
    if bounds is None:
        return []
    left, top, _, bottom = bounds
    rows = mask.crop(bounds)
    width, raw = rows.width, rows.tobytes()
    merged: list[_Patch] = []
    for row in range(bottom - top):
        line = raw[row * width : (row + 1) * width]
        if any(line):
            merged = _join(merged, _runs(line), row)
    boxes = [
        (left + patch.left, top + patch.top, left + patch.right, top + patch.bottom)
        for patch in merged
        if patch.area >= smallest and patch.right - patch.left >= 2 and patch.bottom - patch.top >= 2
    ]
    return _mended(boxes)


def _mended(boxes: list[Box]) -> list[Box]:
    """Boxes parted by a thread of rain or a flake are one again; specimens stand much farther apart."""
    whole: list[Box] = []
    for box in boxes:
        joined = box
        for other in [each for each in whole if _close(each, box)]:
            whole.remove(other)
            joined = (
                min(joined[0], other[0]),
                min(joined[1], other[1]),
                max(joined[2], other[2]),
                max(joined[3], other[3]),
            )
        whole.append(joined)
    return whole


def _close(first: Box, second: Box) -> bool:
    reach = max(3, *(min(box[2] - box[0], box[3] - box[1]) // 2 for box in (first, second)))
    apart_x = max(first[0], second[0]) - min(first[2], second[2])
    apart_y = max(first[1], second[1]) - min(first[3], second[3])
    return apart_x <= reach and apart_y <= reach


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
