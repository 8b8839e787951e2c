"""The API's own description, which the page at `/docs` shows."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request

router = APIRouter()


# Any: an OpenAPI document is open JSON.
@router.get("/openapi.json", include_in_schema=False)
async def get_description(request: Request) -> dict[str, Any]:
    """Return the OpenAPI document."""
    app: FastAPI = request.app
    return app.openapi()
