from pathlib import Path

from pulse.cli.settings_reference import settings_reference
from pulse.config import Settings

_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_settings_page_is_what_the_settings_say() -> None:
    assert _PAGE.read_text(encoding="utf-8") == settings_reference(), (
        "run: python -m pulse.cli.settings_reference > ../docs/reference/settings.md"
    )


def test_every_setting_says_what_it_is_for() -> None:
    silent = [name for name, field in Settings.model_fields.items() if not field.description]
    assert silent == []
