"""The API's own description, which the page at `/docs` shows to whoever is signed in."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request

from pulse.web.access import Viewer

router = APIRouter()


# Any: an OpenAPI document is open JSON.
@router.get("/openapi.json", include_in_schema=False)
async def get_description(_: Viewer, request: Request) -> dict[str, Any]:
    """Return the OpenAPI document."""
    app: FastAPI = request.app
    return app.openapi()
