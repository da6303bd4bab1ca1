"""The things that the stand-in knows how to draw, see and name, in English and Japanese.

Pure data. A word belongs to one or more elements; longer words win over the shorter ones inside them, and the words of
`MEANINGLESS` are there so that they do (a starfish is no star, Monday is no moon).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Element:
    """One thing; `noun` for findings, `caption` for prompts; countable things have a plural."""

    name: str
    english: tuple[str, ...]
    japanese: tuple[str, ...]
    caption: str
    plural: str = ""
    colourable: bool = False

    @property
    def countable(self) -> bool:
        """Whether a number of them can be asked for."""
        return bool(self.plural)


def _element(
    name: str, english: str, japanese: str, caption: str = "", plural: str = "", colourable: bool = False
) -> Element:
    words = tuple(word.strip() for word in english.split(","))
    return Element(name, words, tuple(japanese.split()), caption or name, plural, colourable)


ELEMENTS: Mapping[str, Element] = MappingProxyType(
    {
        element.name: element
        for element in (
            _element(
                "night sky",
                "night, nights, nighttime, night-time, midnight, nocturnal, night sky, night view, night scene, nightscape",
                "夜 夜景 夜空 真夜中 深夜",
                "deep blue night sky",
            ),
            _element(
                "twilight",
                "twilight, dusk, dawn, sunset, sunsets, sunset sky, evening, daybreak, afterglow, sunset glow",
                "夕焼け 夕暮れ 黄昏 夜明け 朝焼け 夕方 日没 薄明",
                "glowing sunset sky",
            ),
            _element(
                "daylight",
                "daylight, daytime, blue sky, sunny day, clear sky, noon, midday, broad daylight, summer day",
                "昼 昼間 青空 晴天 快晴 真昼 日中",
                "clear blue sky",
            ),
            _element(
                "stars",
                "star, stars, starry, starry sky, starlight, star-filled, milky way, constellation, constellations",
                "星 星々 星空 満天の星 満天の星空 天の川 銀河 星座",
                "countless stars",
            ),
            _element("moon", "moon, full moon, crescent moon, moonrise", "月 満月 三日月 お月様 半月", "bright full moon"),
            _element(
                "sun",
                "sun, rising sun, setting sun, sun disc",
                "太陽 お日様 陽",
                "sun rising at the horizon",
            ),
            _element(
                "aurora",
                "aurora, auroras, aurora borealis, northern lights, southern lights, polar lights",
                "オーロラ 極光",
                "aurora curtains glowing green and violet",
            ),
            _element(
                "meteors",
                "meteor, meteors, meteor shower, meteor showers, shooting star, shooting stars, falling star, falling stars, "
                "meteorite, meteorites",
                "流星 流星群 流れ星",
                "meteor shower streaking down",
            ),
            _element("clouds", "cloud, clouds, cloudy, cloudscape, sea of clouds", "雲 雲海 曇り空 曇り", "soft white clouds"),
            _element("rain", "rain, raining, rainy, rainfall, rainstorm", "雨 雨天 雨模様", "rain falling"),
            _element("snow", "snow, snowy, snowfall, snowing, snowflakes, blizzard", "雪 降雪 吹雪 雪景色", "snow falling"),
            _element("rainbow", "rainbow, rainbows", "虹", "wide rainbow"),
            _element("lightning", "lightning, thunderbolt, lightning bolt, thunderstorm", "稲妻 雷 落雷", "lightning bolt"),
            _element(
                "mountains",
                "mountain, mountains, mountain range, mountain peak, mountain peaks, peak, peaks, alps, snow-capped mountains, "
                "snow-capped mountain, snow-capped peaks, snowy mountains, snowy mountain, snowy peaks, summit, mount fuji, "
                "snow-covered mountains",
                "山 山々 山脈 雪山 富士山 連峰 山岳",
                "snow-capped mountains",
            ),
            _element("hills", "hill, hills, hillside, rolling hills", "丘 丘陵", "rolling hills"),
            _element("lake", "lake, lakes, pond, lakeside, lakeshore", "湖 湖畔 池 湖面", "calm lake"),
            _element(
                "sea",
                "sea, seas, ocean, oceans, seascape, seaside, open sea, high seas, sea surface",
                "海 大海 大海原 海原 海面 海辺 沿岸",
                "open sea",
            ),
            _element("river", "river, rivers, stream, creek, brook, riverside", "川 河 小川 河川 川辺", "winding river"),
            _element("waterfall", "waterfall, waterfalls, cascade", "滝", "tall waterfall"),
            _element("beach", "beach, beaches, sandy beach, sandy shore", "砂浜 浜辺 ビーチ 海岸", "sandy beach"),
            _element(
                "drift ice",
                "drift ice, drifting ice, ice floe, ice floes, floating ice, sea ice, pack ice, iceberg, icebergs, "
                "drifting ice floes, ice, floes",
                "流氷 氷 氷山 浮氷",
                "drifting ice floes",
            ),
            _element("desert", "desert, dune, dunes, sand dunes", "砂漠 砂丘", "sand dunes"),
            _element(
                "meadow",
                "meadow, meadows, grass, grassland, grassy, field, fields, lawn, prairie, pasture",
                "草原 野原 芝生 牧草地 草",
                "green meadow",
            ),
            _element(
                "trees",
                "tree, trees, forest, forests, woods, woodland, pine, pines, pine tree, pine trees, fir, firs, rainforest",
                "木 木々 樹木 森 森林 林 松 針葉樹",
                "pine trees",
                "trees",
            ),
            _element(
                "flowers",
                "flower, flowers, rose, roses, tulip, tulips, daisy, daisies, poppy, poppies, sunflower, sunflowers, blossom, "
                "blossoms, wildflower, wildflowers, flower field",
                "花 花々 花畑 薔薇 バラ チューリップ ひまわり 向日葵 草花",
                "flower",
                "flowers",
                True,
            ),
            _element(
                "house",
                "house, houses, cabin, cabins, cottage, cottages, hut, huts, farmhouse, home, lodge, barn",
                "家 家々 小屋 山小屋 民家 一軒家 住宅 コテージ",
                "house",
                "houses",
                True,
            ),
            _element("lighthouse", "lighthouse, lighthouses, light house", "灯台", "lighthouse"),
            _element("castle", "castle, castles, fortress", "城 お城 古城", "castle"),
            _element("torii", "torii, torii gate, shinto gate, shrine gate", "鳥居", "torii gate"),
            _element(
                "city",
                "city, cities, skyline, cityscape, skyscraper, skyscrapers, downtown, buildings, town",
                "街 都市 街並み 町 ビル 高層ビル 都会 ビル群",
                "city skyline",
            ),
            _element("tent", "tent, tents, campsite", "テント", "tent", "tents", True),
            _element(
                "boat",
                "boat, boats, sailboat, sailboats, sailing boat, sailing boats, ship, ships, yacht, yachts, rowboat, fishing boat, "
                "fishing boats",
                "船 ボート ヨット 舟 帆船 漁船 小舟",
                "sailboat",
                "sailboats",
                True,
            ),
            _element(
                "balloon",
                "balloon, balloons, hot-air balloon, hot-air balloons, hot air balloon, hot air balloons",
                "気球 熱気球 風船",
                "hot-air balloon",
                "hot-air balloons",
                True,
            ),
            _element("car", "car, cars, automobile, automobiles", "車 自動車", "car", "cars", True),
            _element(
                "people",
                "person, people, man, men, woman, women, human, humans, girl, girls, boy, boys, child, children, human figure, "
                "human figures, crowd, hiker, hikers, tourist, tourists, kid, kids, couple, figure, figures",
                "人 人々 人物 人間 男性 女性 子供 子ども 少年 少女 男 女 人影 観光客 親子 家族",
                "person",
                "people",
            ),
            _element("cat", "cat, cats, kitten, kittens, kitty", "猫 子猫 ねこ ネコ 仔猫", "cat", "cats", True),
            _element("dog", "dog, dogs, puppy, puppies, hound", "犬 子犬 いぬ イヌ 仔犬", "dog", "dogs", True),
            _element(
                "bird",
                "bird, birds, seagull, seagulls, gull, gulls, crane, cranes, swallow, swallows, eagle, eagles, flock of birds",
                "鳥 小鳥 鳥たち 鳥の群れ カモメ かもめ 鶴 白鳥 渡り鳥",
                "bird",
                "birds",
                True,
            ),
            _element("horse", "horse, horses, pony, ponies, stallion, mare", "馬 白馬 仔馬", "horse", "horses", True),
            _element("fish", "fish, fishes, goldfish, koi, salmon", "魚 金魚 鯉", "fish", "fishes", True),
        )
    }
)

COLOURS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "red": ("red", "crimson", "scarlet", "赤", "紅", "真っ赤な"),
        "blue": ("blue", "azure", "青", "真っ青な"),
        "green": ("green", "emerald", "緑"),
        "yellow": ("yellow", "golden", "黄色", "黄"),
        "orange": ("orange", "ginger", "オレンジ", "橙"),
        "purple": ("purple", "violet", "紫"),
        "pink": ("pink", "ピンク", "桃色"),
        "white": ("white", "白"),
        "black": ("black", "黒"),
        "brown": ("brown", "茶色", "茶"),
        "grey": ("grey", "gray", "灰色", "グレー"),
    }
)

# Sunrise is two elements; so is a night of stars.
COMPOUNDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sunrise": ("twilight", "sun"),
        "日の出": ("twilight", "sun"),
        "夕日": ("twilight", "sun"),
        "夕陽": ("twilight", "sun"),
        "朝日": ("twilight", "sun"),
        "朝陽": ("twilight", "sun"),
        "starry night": ("night sky", "stars"),
        "starry night sky": ("night sky", "stars"),
        "moonlit night": ("night sky", "moon"),
        "月夜": ("night sky", "moon"),
        "星月夜": ("night sky", "stars", "moon"),
        "snowy forest": ("snow", "trees"),
        "snowy landscape": ("snow",),
        "cherry blossoms": ("flowers",),
    }
)

# Words that say by themselves that something is absent.
ABSENCES: Mapping[str, str] = MappingProxyType(
    {
        "無人": "people",
        "無人の": "people",
        "人気のない": "people",
        "人けのない": "people",
        "uninhabited": "people",
        "unpeopled": "people",
        "deserted": "people",
        "people-free": "people",
        "nobody": "people",
        "no one": "people",
        "無風": "",
        "雲一つない": "clouds",
        "雲ひとつない": "clouds",
        "cloudless": "clouds",
        "moonless": "moon",
        "starless": "stars",
        "treeless": "trees",
    }
)

MEANINGLESS = (
    *("bird's-eye", "bird's eye", "birds-eye", "fish-eye", "fish eye", "figure of eight", "night light", "ice cream"),
    *("cat's eye", "sea level", "sea breeze", "sea air", "car park", "horse power", "field of view", "depth of field"),
    *("shallow depth of field", "sun-drenched", "peak performance", "at home", "dog days", "man-made", "stream of"),
    *("human-like", "snow white", "rose gold", "star rating", "house style", "moon landing", "rain check", "boat race"),
    *("月曜", "月曜日", "木曜", "木曜日", "今月", "来月", "先月", "毎月", "ヶ月", "か月", "月々", "日月", "月明かり", "月光"),
    *("月影", "北海道", "自転車", "電車", "列車", "汽車", "写真家", "画家", "作家", "専門家", "人形", "人工", "人気", "花火"),
    *("木造", "木製", "木目", "電池", "乾電池", "宇宙船", "水上", "夜明け前の雰囲気", "火山灰", "海外", "海軍", "星形", "家具"),
    *("城下", "雪化粧", "人生", "個人", "大人気", "人造", "太陽光", "太陽系", "馬鹿", "河童", "街灯", "花瓶", "花嫁", "星座占い"),
    *("虹色", "雨具", "雨傘", "雪だるま", "池袋", "草木染", "女優", "男優", "山椒", "林檎", "松明", "城壁", "川柳", "魚眼", "鳥瞰"),
)
