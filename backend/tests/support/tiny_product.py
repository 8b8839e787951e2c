"""The smallest worker and API that the stack can run: its tests need no more of the product."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from celery import Celery

app = Celery("tiny", broker=os.environ.get("REDIS_URL"))

Message = MutableMapping[str, Any]


def create_app() -> Callable[..., Awaitable[None]]:
    """Return an ASGI application that answers 200 to everything."""

    async def answer(
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    return answer
