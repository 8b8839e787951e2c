"""Is the process alive, and is what it needs there: each part with what to do if it is not."""

import asyncio
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from pulse.api.version import VERSION
from pulse.kit.errors import UnauthorizedError
from pulse.web.access import authenticate, open_to_all
from pulse.web.checks import Check, check_broker, check_crm, check_database

router = APIRouter(tags=["health"], dependencies=[Depends(open_to_all)])


class Alive(BaseModel):
    """The process answers."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "ok", "version": "0.1.0"}]}
    )

    status: Literal["ok"]
    version: str


class Readiness(BaseModel):
    """Whether the product can do its work, part by part.

    A CRM that is away does not make it unready: the mirror can still be read.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ready": True,
                    "database": {"ok": True, "message": "PostgreSQL answers.", "fix": None},
                    "broker": {"ok": True, "message": "Redis answers.", "fix": None},
                    "worker": {"ok": True, "message": "1 worker is alive.", "fix": None},
                    "crm": {"ok": True, "message": "Connected.", "fix": None},
                }
            ]
        }
    )

    ready: bool = Field(description="Database, broker and a worker are there.")
    database: Check
    broker: Check
    worker: Check
    crm: Check


@router.get("/health", summary="Is the process alive?")
async def get_health_alive() -> Alive:
    """Answer without asking anything else."""
    return Alive(status="ok", version=VERSION)


@router.get(
    "/health/ready",
    summary="Is everything there?",
    responses={
        HTTPStatus.SERVICE_UNAVAILABLE.value: {
            "model": Readiness,
            "description": "A part is missing; its `fix` says what to do.",
            "content": {
                "application/json": {
                    "example": {
                        "ready": False,
                        "database": {"ok": True, "message": "PostgreSQL answers.", "fix": None},
                        "broker": {"ok": True, "message": "Redis answers.", "fix": None},
                        "worker": {
                            "ok": False,
                            "message": "No worker is alive.",
                            "fix": "Start one: `pulse up`.",
                        },
                        "crm": {"ok": True, "message": "Connected.", "fix": None},
                    }
                }
            },
        }
    },
)
async def get_health_ready(request: Request, response: Response) -> Readiness:
    """Ask database, broker, workers and CRM; 503 if the product cannot do its work."""
    database, (broker, worker) = await asyncio.gather(
        check_database(request.app.state.database), check_broker(request.app.state.broker)
    )
    crm = (
        await _crm_for(request)
        if database.ok
        else Check(
            ok=False,
            message="How to reach the CRM is stored in the database.",
            fix=database.fix,
        )
    )
    is_ready = database.ok and broker.ok and worker.ok
    if not is_ready:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return Readiness(ready=is_ready, database=database, broker=broker, worker=worker, crm=crm)


async def _crm_for(request: Request) -> Check:
    """Return how the CRM is; where it is and why it refuses us is not for strangers."""
    crm = await check_crm(request.app.state.database)
    try:
        await authenticate(request, is_use=False)
    except UnauthorizedError:
        message = "The CRM answers." if crm.ok else "The CRM cannot be used now."
        return Check(ok=crm.ok, message=message, fix=None if crm.ok else "Log in to see why.")
    return crm
