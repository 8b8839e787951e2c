"""The face of the pages, as fonts that a PDF can embed: IBM Plex Sans, regular and semibold.

The package holds one variable font of 1,400 glyphs in every weight. Making fixed weights of all
of it takes seconds; cut to the characters of a report first, a tenth of one.
"""

from __future__ import annotations

import io
from typing import Final

import fontpkg_ibm_plex_sans
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FAMILY: Final = "IBM Plex Sans"
REGULAR: Final = 400
SEMIBOLD: Final = 600
_FILE: Final = fontpkg_ibm_plex_sans.ROOT / "files" / "IBMPlexSans[wdth,wght].ttf"
_ALWAYS: Final = "".join(map(chr, range(0x20, 0x7F))) + "\N{MINUS SIGN}\N{EN DASH}…·"


def font_file(weight: int, words: str) -> bytes:
    """Return a TrueType font of a fixed weight with the characters of `words`.

    A character that the face does not have (Chinese, Thai, Arabic) is left out of it.
    """
    options = Options()
    options.layout_features = ["kern", "mark"]
    content = io.BytesIO()
    with TTFont(_FILE, lazy=True) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes={ord(each) for each in _ALWAYS + words})
        subsetter.subset(font)
        instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
        font.save(content)
    return content.getvalue()
