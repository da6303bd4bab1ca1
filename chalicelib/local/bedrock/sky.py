"""The sky and what shines in it."""

import math

from PIL import Image, ImageChops

from .canvas import Canvas, Colour, Point, mix, rgb

_SKIES = {
    "day": "0 #5696be, 0.55 #9ecdda, 1 #ecf0e2",
    "daylight": "0 #2674d1, 0.5 #6db2f0, 1 #d6ecfa",
    "dusk": "0 #564e84, 0.45 #b07a9e, 0.8 #f4b0a0, 1 #ffdebe",
    "sunset": "0 #3a3670, 0.3 #844c7c, 0.6 #e77065, 0.84 #fdac60, 1 #ffce8a",
    "night": "0 #090d2d, 0.36 #111e52, 0.8 #264480, 1 #4a74a6",
    "night sun": "0 #090d2d, 0.36 #111e52, 0.72 #3e4080, 0.88 #b0607a, 1 #fab278",
}
_BOW = ("#ec4a4a", "#f09a48", "#fad654", "#4cbb76", "#5476d6", "#8a5cc0")
_RAYS, _DIMMING = 128, (1.0, 0.72, 0.5)


def paint_sky(canvas: Canvas, horizon: float, names: set[str], moon: Point, sun: Point) -> None:
    """Everything above the horizon, from far to near."""
    named = next((name for name in ("sunset", "daylight") if name in names), canvas.light)
    kind = "night sun" if canvas.light == "night" and names & {"sun", "sunset"} else named
    stops = [(float(at), rgb(colour)) for at, colour in (stop.split() for stop in _SKIES[kind].split(", "))]
    canvas.gradient(0, horizon + 2, stops)
    if canvas.light == "night":
        _stars(canvas, horizon, 60, 1.6, bright=False)
    elif "clouds" not in names:
        _wisps(canvas, horizon)
    if "sun" in names:
        canvas.glow(sun, 620 * canvas.unit, 330 * canvas.unit, (255, 140, 84), 0.5)
    if "moon" in names:
        canvas.glow(moon, 300 * canvas.unit, 300 * canvas.unit, (170, 190, 240), 0.36)
    if "aurora" in names:
        _aurora(canvas, horizon)
    brushes = {"stars": _many_stars, "meteors": _meteors, "rainbow": _rainbow, "clouds": _clouds, "lightning": _bolt}
    for name, brush in brushes.items():
        if name in names:
            brush(canvas, horizon)
    if "moon" in names:
        _moon(canvas, moon)
    if "sun" in names:
        _sun(canvas, sun)


def horizon_colour(canvas: Canvas, horizon: float) -> Colour:
    """What far things fade into."""
    red, green, blue = canvas.image.crop((0, round(horizon) - 2, 1, round(horizon) - 1)).tobytes()
    return red, green, blue


def _stars(canvas: Canvas, horizon: float, number: int, size: float, bright: bool) -> None:
    chance = canvas.dice(f"stars {bright}")
    for count in range(number):
        place = (chance.random() * canvas.width, horizon * 0.94 * chance.random() ** 1.25)
        radius = canvas.unit * size * (0.5 + chance.random() ** 4)
        tone = mix((255, 247, 214) if count % 3 else (201, 221, 255), (40, 60, 120), 0.4 * chance.random())
        if bright and count % 14 == 0:
            canvas.glow(place, 30 * canvas.unit, 30 * canvas.unit, (150, 180, 240), 0.5)
            for across, down in ((14, 1), (1, 14)):
                canvas.disc(place, across * canvas.unit, down * canvas.unit, tone)
        canvas.disc(place, radius, radius, tone if bright else mix(tone, (40, 60, 120), 0.5))


def _many_stars(canvas: Canvas, horizon: float) -> None:
    _stars(canvas, horizon, 220, 3.4, bright=True)


def _wisps(canvas: Canvas, horizon: float) -> None:
    chance = canvas.dice("wisps")
    for _ in range(7):
        place = (canvas.width * chance.random(), horizon * (0.12 + 0.6 * chance.random()))
        long = canvas.unit * (160 + 240 * chance.random())
        canvas.glow(place, long, long * (0.05 + 0.05 * chance.random()), (255, 246, 238), 0.5)


def _moon(canvas: Canvas, centre: Point) -> None:
    radius = 58 * canvas.unit
    canvas.glow(centre, radius * 2.3, radius * 2.3, (255, 246, 220), 0.7)
    canvas.disc(centre, radius, radius, (250, 240, 207))
    for x, y, size in ((-0.3, -0.28, 0.3), (-0.46, 0.2, 0.2), (0.2, -0.46, 0.24), (0.2, 0.4, 0.17), (0.6, -0.1, 0.12)):
        canvas.disc(
            (centre[0] + x * radius, centre[1] + y * radius), size * radius, size * radius * 0.86, (226, 211, 172)
        )


def _sun(canvas: Canvas, centre: Point) -> None:
    radius = 66 * canvas.unit
    canvas.glow(centre, radius * 2.4, radius * 1.9, (255, 226, 150), 0.85)
    for share, colour in ((1.0, (255, 206, 77)), (0.8, (255, 239, 165))):
        canvas.disc(centre, radius * share, radius * share, colour)


def _aurora(canvas: Canvas, horizon: float) -> None:
    """Three curtains, painted small, one column a ray, and enlarged smoothly onto the sky."""
    chance = canvas.dice("aurora")
    columns = min(400, canvas.width // 2)
    rows = max(64, round(columns * horizon / canvas.width))
    light, mask = Image.new("RGB", (columns, rows)), Image.new("L", (columns, rows))
    for number, dimming in enumerate(_DIMMING):
        colours, depth = _ray(crisp=number == 0)
        phases = [chance.random() * 2 * math.pi for _ in range(5)]
        lowest = 0.62 - 0.15 * number + 0.06 * chance.random()
        for x in range(columns):
            t = x / columns
            hem = lowest + 0.09 * math.sin(5.1 * t + phases[0]) + 0.045 * math.sin(11.7 * t + phases[1])
            rays = 0.62 + 0.2 * math.sin(67 * t + phases[2]) + 0.12 * math.sin(151 * t + phases[3])
            presence = 0.5 + 0.5 * math.sin(7.1 * t + phases[4])
            strength = dimming * min(1.0, 0.12 + 1.35 * presence)
            long = max(8, round(rows * 0.62 * rays * (0.45 + 0.55 * presence)))
            faded = depth.resize((1, long)).point([round(level * strength) for level in range(256)])
            top = round(rows * hem) - long
            light.paste(colours.resize((1, long)), (x, top), faded)
            mask.paste(ImageChops.lighter(mask.crop((x, top, x + 1, top + long)), faded), (x, top))
    size, smooth = (canvas.width, round(horizon)), Image.Resampling.BICUBIC
    canvas.image.paste(light.resize(size, smooth), (0, 0), mask.resize(size, smooth))


def _ray(crisp: bool) -> tuple[Image.Image, Image.Image]:
    """Colours and opacity of one ray from its top to its hem."""
    colours, depths = bytearray(), bytearray()
    for row in range(_RAYS):
        height = 1 - row / (_RAYS - 1)
        rise = max(0.0, (height - 0.24) / 0.76)
        lower = mix((66, 226, 152), (48, 150, 190), min(1.0, rise * 2))
        upper = mix(lower, (150, 84, 200), min(1.0, max(0.0, rise * 1.5 - 0.4)))
        foot = min(1.0, height / (0.03 if crisp else 0.3)) ** (1 if crisp else 1.5)
        colours.extend((142, 255, 193) if crisp and height < 0.1 else upper)
        depths.append(round(255 * foot * (1 - rise) ** 1.7))
    return Image.frombytes("RGB", (1, _RAYS), bytes(colours)), Image.frombytes("L", (1, _RAYS), bytes(depths))


def _meteors(canvas: Canvas, horizon: float) -> None:
    chance = canvas.dice("meteors")
    lean, slope = (1, -1)[chance.random() < 0.5], 0.5 + 0.3 * chance.random()
    for number in range(9):
        x, y = canvas.width * (number + chance.random()) / 9, horizon * (0.1 + 0.52 * chance.random())
        long, thick = canvas.unit * (80 + 150 * chance.random()), 2.6 * canvas.unit
        for piece in range(12, 0, -1):
            far = (x - lean * long * piece / 12, y - slope * long * piece / 12)
            near = (far[0] + lean * long / 12, far[1] + slope * long / 12)
            inside = 0 <= far[0] < canvas.width and 0 <= far[1] < canvas.height
            behind = canvas.image.getpixel((int(far[0]), int(far[1]))) if inside else (20, 30, 80)
            assert isinstance(behind, tuple)
            sky = (int(behind[0]), int(behind[1]), int(behind[2]))
            canvas.line((far, near), thick * (1.1 - piece / 14), mix((183, 226, 246), sky, (piece / 12) ** 0.8))
        canvas.glow((x, y), thick * 7, thick * 7, (190, 225, 255), 0.6)
        canvas.disc((x, y), thick, thick, (255, 252, 235))


def _rainbow(canvas: Canvas, horizon: float) -> None:
    radius, thick = canvas.width * 0.44, 9 * canvas.unit
    for index, colour in enumerate(_BOW):
        reach = radius - index * thick
        box = (
            canvas.width / 2 - reach,
            horizon + radius * 0.16 - reach,
            canvas.width / 2 + reach,
            horizon + radius * 0.16 + reach,
        )
        canvas.pen.arc(box, 180, 360, rgb(colour), round(thick) + 1)


def _clouds(canvas: Canvas, horizon: float) -> None:
    chance = canvas.dice("clouds")
    tones = {"day": ("#dee9f4", "#fdfeff"), "dusk": ("#d68c8e", "#ffd0b4"), "night": ("#3c4a78", "#5c6a96")}
    shade, bright = (rgb(tone) for tone in tones[canvas.light])
    for number in range(4):
        x, foot = canvas.width * (number + 0.3 + 0.4 * chance.random()) / 4, horizon * (0.2 + 0.5 * chance.random())
        size = canvas.unit * (80 + 60 * chance.random())
        lobes = [
            (at, (0.62 - 0.42 * abs(at)) * (0.8 + 0.4 * chance.random())) for at in (-1, -0.6, -0.2, 0.25, 0.65, 1.05)
        ]
        for lift, share, tone in ((0.0, 1.0, shade), (0.12, 0.88, mix(shade, bright, 0.5)), (0.28, 0.72, bright)):
            for at, tall in lobes:
                across, down = size * tall * (1.25 - lift * 0.8), size * tall * share
                box = (
                    x + size * at - across,
                    foot - size * tall * lift - down,
                    x + size * at + across,
                    foot - size * tall * lift + down,
                )
                canvas.pen.pieslice(box, 180, 360, tone)


def _bolt(canvas: Canvas, horizon: float) -> None:
    chance = canvas.dice("lightning")
    points = [(canvas.width * (0.3 + 0.4 * chance.random()), horizon * 0.1)]
    while points[-1][1] < horizon * 0.96:
        x, y = points[-1]
        points.append((x + canvas.unit * 70 * (chance.random() - 0.5), y + canvas.unit * (28 + 26 * chance.random())))
    canvas.glow(points[len(points) // 2], 260 * canvas.unit, 320 * canvas.unit, (214, 196, 255), 0.5)
    for thick, tone in ((12, (214, 196, 255)), (5, (255, 255, 214))):
        canvas.line(points, thick * canvas.unit, tone)
