"""Thirty prompts in three languages, half of them without a thing that is drawn as scenery."""

LANDSCAPE = "A serene landscape with mountains and a lake"
ARCTIC = (
    "自然の中から見た夜景で、空にはオーロラと月と流星群があり、地上には海が広がって流氷が流れ、"
    "地平線から太陽が出ている無人の写真。"
)
THIRTY = (
    LANDSCAPE,
    "two brass sextants and a folded map on a green desk",
    "a violin leaning against a piano, no sheet music",
    "four blue teapots in a row, one yellow cup",
    'a bakery window with the sign "FRESH AT SIX" above the door',
    "an old watchmaker holding a tiny screwdriver",
    "a lighthouse at sunset, three sailboats, no clouds",
    "a red fox in fresh snow, pine trees, stars",
    "at least two horses in a meadow, a rainbow",
    "a submarine under a frozen sea, six orange jellyfish",
    ARCTIC,
    "机の上に二つの白い皿と一本のスプーン",
    "赤い鳥居が二つ、森、霧",
    "猫が三匹、毛糸玉、人はいない",
    "夜の図書館で本を読むロボット、窓の外は雪",
    "青い傘と黒い長靴、雨",
    "五つの提灯が並ぶ祭りの屋台",
    "「営業中」の札がかかった喫茶店の扉",
    "砂漠に気球が四つ、ラクダはいない",
    "古い地図と羅針盤、蝋燭の光",
    "ein Leuchtturm am Meer, zwei Boote, keine Wolken",
    "drei gelbe Regenschirme vor einem Bäckerladen",
    "eine Dampflokomotive auf einer steinernen Brücke",
    'ein Kino mit dem Schild "HEUTE GESCHLOSSEN"',
    "fünf Äpfel und eine Birne, ein weißer Teller",
    "ein Schachbrett ohne Figuren, ein Glas Wein",
    "ein Hund und eine Katze, ein roter Ball",
    "eine Bergsteigerin an einer Eiswand, Nacht, Sterne",
    "ein Klavier im Wald, Schnee",
    "ein Astronaut gießt sieben Tulpen, ein Gewächshaus",
)
