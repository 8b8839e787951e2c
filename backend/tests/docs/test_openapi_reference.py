from pathlib import Path

from pulse.api.reference import openapi_reference

_FILE = Path(__file__).parents[3] / "docs" / "reference" / "openapi.json"


def test_kept_description_is_what_the_application_says() -> None:
    assert _FILE.read_text(encoding="utf-8") == openapi_reference(), (
        "run: python -m pulse.api.reference > ../docs/reference/openapi.json"
    )
