"""The face of the pages, as fonts that a PDF can embed: IBM Plex Sans, regular and semibold.

The package holds one variable font of 1,400 glyphs in every weight. Cutting it to the scripts of
Latin, Greek and Cyrillic first makes the two fixed weights in a second; they are kept for the
life of the process.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

import fontpkg_ibm_plex_sans
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY: Final = "IBM Plex Sans"
REGULAR: Final = 400
SEMIBOLD: Final = 600
_FILE: Final = fontpkg_ibm_plex_sans.ROOT / "files" / "IBMPlexSans[wdth,wght].ttf"
# Latin with its extensions, combining marks, Greek, Cyrillic, Vietnamese; punctuation, currencies,
# arrows, mathematical signs.
_CHARACTERS: Final = (
    (0x20, 0x24F), (0x2B0, 0x36F), (0x370, 0x52F), (0x1E00, 0x1EFF), (0x2000, 0x206F),
    (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
)  # fmt: skip


@lru_cache(maxsize=2)
def font_file(weight: int) -> bytes:
    """Return a TrueType font of a fixed weight."""
    options = Options()
    options.layout_features = ["kern", "tnum", "lnum", "ccmp", "mark", "locl"]
    options.drop_tables += ["DSIG", "STAT_"]
    font = TTFont(_FILE)
    subsetter = Subsetter(options)
    subsetter.populate(
        unicodes=[code for first, last in _CHARACTERS for code in range(first, last + 1)]
    )
    subsetter.subset(font)
    fixed = instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
    content = io.BytesIO()
    fixed.save(content)
    return content.getvalue()
