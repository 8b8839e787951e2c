"""Write the API's description: `python -m pulse.api.reference > ../docs/reference/openapi.json`.

The clients of the web application are generated from that file; a test compares it with the
application.
"""

import json
import secrets
import sys

from pulse.api.app import create_app
from pulse.config import Settings, load_settings


def openapi_reference() -> str:
    """Return the OpenAPI document as it is kept; no setting shows in it."""
    settings = load_settings(
        Settings,
        database_url="postgresql://localhost/described",
        redis_url="redis://localhost",
        pulse_secret_key=secrets.token_urlsafe(32),
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_reference())
