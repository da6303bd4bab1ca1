"""The tones by which an element is recognised: the one thing that painter and eye have agreed on.

A palette is a handful of exact colours that the painter lays on flat wherever it draws the element, and nobody else
uses; all of a palette's tones in a picture mean that the element is there. Some elements have a palette for each light.
The first tone of a countable element is its mark: one connected patch for each specimen.
Pure data; tests hold that no two elements come too close.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .painter.colour import LIGHTS, Colour, lit

Palette = tuple[Colour, ...]

# Whatever the light.
_ALWAYS: Mapping[str, Palette] = MappingProxyType(
    {
        "night sky": ((9, 13, 45), (17, 30, 82)),
        "twilight": ((231, 112, 101), (253, 172, 96)),
        "daylight": ((38, 116, 209), (109, 178, 240)),
        "stars": ((255, 247, 214), (201, 221, 255)),
        "moon": ((250, 240, 207), (226, 211, 172)),
        "sun": ((255, 239, 165), (255, 206, 77)),
        "aurora": ((142, 255, 193), (66, 226, 152)),
        "meteors": ((255, 252, 235), (183, 226, 246)),
        "lightning": ((255, 255, 204), (214, 196, 255)),
        "rainbow": ((236, 74, 74), (250, 214, 84), (76, 187, 118), (84, 118, 214)),
        "waterfall": ((222, 241, 246), (158, 205, 220), (193, 226, 236)),
        "torii": ((205, 51, 32), (140, 28, 22)),
        "lighthouse": ((244, 238, 228), (203, 46, 58), (255, 232, 130)),
        "castle": ((176, 164, 158), (120, 108, 110), (74, 84, 122)),
        "flowers": ((255, 209, 54), (88, 148, 62)),
        "house": ((108, 64, 40), (255, 214, 120)),
        "tent": ((62, 42, 36), (238, 206, 158)),
        "boat": ((122, 72, 44), (248, 246, 238)),
        "balloon": ((150, 104, 60), (84, 58, 40), (247, 234, 209)),
        "car": ((34, 36, 42), (186, 220, 234)),
        "people": ((236, 188, 152), (58, 70, 96)),
        "cat": ((214, 60, 92), (166, 214, 70)),
        "dog": ((44, 122, 196), (58, 36, 30)),
        "bird": ((240, 152, 40), (30, 30, 40)),
        "horse": ((72, 40, 26), (232, 214, 186)),
        "fish": ((252, 250, 220), (18, 62, 92)),
    }
)

# The faint stars of a night that was asked for: its sky may glow from end to end.
STAR_DUST: Palette = ((121, 139, 187), (93, 109, 163))

_BY_LIGHT: Mapping[str, Mapping[str, Palette]] = MappingProxyType(
    {
        "clouds": {
            "day": ((253, 254, 255), (222, 233, 244), (238, 244, 250)),
            "dusk": ((255, 208, 180), (214, 140, 142), (238, 174, 162)),
            "night": ((92, 106, 150), (60, 74, 120), (77, 91, 137)),
        },
        "rain": {
            "day": ((168, 190, 208), (206, 220, 232), (187, 207, 224)),
            "dusk": ((188, 176, 200), (226, 208, 216), (207, 193, 211)),
            "night": ((112, 134, 176), (146, 168, 204), (129, 151, 191)),
        },
        "snow": {
            "day": ((246, 246, 255), (227, 231, 252), (237, 239, 254)),
            "dusk": ((255, 232, 226), (238, 204, 212), (247, 219, 221)),
            "night": ((206, 220, 244), (168, 188, 226), (187, 205, 236)),
        },
        "mountains": {
            "day": ((126, 146, 175), (88, 107, 143), (241, 246, 250)),
            "dusk": ((155, 101, 126), (97, 68, 112), (255, 219, 203)),
            "night": ((54, 76, 125), (33, 48, 91), (171, 193, 230)),
        },
        "hills": {
            "day": ((122, 172, 92), (86, 142, 80), (152, 193, 116)),
            "dusk": ((146, 108, 84), (112, 80, 78), (171, 128, 97)),
            "night": ((32, 62, 74), (22, 46, 64), (45, 79, 90)),
        },
        "lake": {
            "day": ((196, 228, 236), (60, 128, 152)),
            "dusk": ((255, 200, 176), (122, 84, 124)),
            "night": ((98, 134, 184), (22, 42, 80)),
        },
        "sea": {
            "day": ((36, 106, 150), (150, 208, 220)),
            "dusk": ((92, 70, 122), (246, 168, 138)),
            "night": ((15, 36, 70), (72, 122, 168)),
        },
        "river": {
            "day": ((92, 168, 200), (214, 238, 244), (60, 132, 168)),
            "dusk": ((196, 132, 150), (255, 216, 192), (147, 96, 128)),
            "night": ((44, 84, 132), (120, 164, 206), (29, 59, 101)),
        },
        "beach": {
            "day": ((240, 220, 172), (222, 194, 140), (171, 146, 118)),
            "dusk": ((226, 170, 134), (194, 134, 112), (149, 101, 93)),
            "night": ((118, 120, 132), (88, 92, 112), (70, 73, 91)),
        },
        "drift ice": {
            "day": ((234, 247, 252), (140, 200, 224), (247, 252, 255)),
            "dusk": ((255, 226, 216), (158, 142, 190), (255, 242, 237)),
            "night": ((190, 218, 240), (84, 140, 190), (214, 233, 247)),
        },
        "desert": {
            "day": ((236, 188, 116), (206, 146, 84), (246, 210, 150)),
            "dusk": ((214, 132, 90), (158, 86, 82), (233, 163, 119)),
            "night": ((104, 92, 112), (70, 62, 92), (129, 117, 135)),
        },
        "meadow": {
            "day": ((138, 192, 84), (98, 160, 66), (163, 210, 113)),
            "dusk": ((142, 128, 66), (104, 98, 58), (168, 152, 88)),
            "night": ((34, 74, 64), (22, 56, 54), (47, 93, 81)),
        },
        "trees": {
            "day": ((94, 62, 42), (38, 98, 66), (58, 124, 76)),
            "dusk": ((66, 40, 44), (52, 58, 58), (78, 78, 64)),
            "night": ((40, 32, 40), (14, 38, 46), (24, 54, 58)),
        },
        "city": {
            "day": ((148, 164, 184), (112, 130, 156), (228, 240, 246)),
            "dusk": ((104, 82, 120), (72, 56, 96), (255, 222, 142)),
            "night": ((36, 42, 74), (24, 28, 56), (255, 218, 134)),
        },
    }
)

# What is coloured of a thing, before its light; natural ones are chosen from where no colour is asked for.
_PIGMENTS: Mapping[str, Colour] = MappingProxyType(
    {
        "red": (208, 44, 48),
        "blue": (48, 104, 200),
        "green": (62, 150, 84),
        "yellow": (246, 206, 62),
        "orange": (240, 138, 48),
        "purple": (134, 78, 178),
        "pink": (244, 146, 178),
        "white": (242, 240, 236),
        "black": (44, 42, 48),
        "brown": (140, 92, 58),
        "grey": (142, 144, 150),
    }
)
NATURAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "flowers": ("red", "pink", "purple", "white", "orange"),
        "house": ("red", "brown", "blue"),
        "tent": ("orange", "red", "green"),
        "boat": ("red", "blue", "white"),
        "balloon": ("red", "orange", "purple"),
        "car": ("red", "blue", "white"),
        "cat": ("orange", "grey", "black"),
        "dog": ("brown", "white", "black"),
        "bird": ("white", "black", "blue"),
        "horse": ("brown", "white", "black"),
        "fish": ("orange", "red", "blue"),
    }
)


def palette(element: str, light: str) -> Palette:
    """The tones that the painter uses for an element in a light."""
    return _ALWAYS[element] if element in _ALWAYS else _BY_LIGHT[element][light]


def palettes(element: str) -> tuple[Palette, ...]:
    """Every palette by which an element may be recognised."""
    if element == "night sky":
        return _ALWAYS[element], STAR_DUST
    return (_ALWAYS[element],) if element in _ALWAYS else tuple(_BY_LIGHT[element][light] for light in LIGHTS)


def body(element: str, colour: str, light: str) -> Colour:
    """The exact tone of a coloured thing's body; a shade of its own for each element."""
    index = list(NATURAL).index(element)
    red, green, blue = lit(_PIGMENTS[colour], light)
    return red + index % 3 * 4 - 4, green + index // 3 % 3 * 4 - 4, blue + index // 9 * 4
