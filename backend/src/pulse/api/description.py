"""The API's own description, which the page at `/docs` shows to whoever is signed in."""

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from pulse.web.access import Viewer

router = APIRouter()


# Not a coroutine: describing some hundred operations for the first time takes a second or two of a
# thread of its own, while other requests go on.
@router.get("/openapi.json", include_in_schema=False)
def get_description(_: Viewer, request: Request) -> Response:
    """Return the OpenAPI document."""
    app: FastAPI = request.app
    return Response(orjson.dumps(app.openapi()), media_type="application/json")
