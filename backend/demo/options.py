"""What a demo is asked for: PULSE_HOME, PORT, SIM_PORT, DEALS, ACTIVITY and PAST_DAYS."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from pulse.config import HomeSettings


class DemoSettings(HomeSettings):
    """The demo's variables, beside those of every process."""

    sim_port: int = Field(
        default=8090, ge=1, le=65_535, description="Port that the simulated CRM listens on."
    )
    deals: int = Field(default=5000, ge=1, description="Deals of the simulated organisation.")
    activity: float = Field(
        default=6.0, ge=0, description="Edits a minute by the simulated sales team; 0 for none."
    )
    past_days: int = Field(
        default=14,
        ge=0,
        le=50,
        description="Days that the sales team worked, and the mirror followed, before the first "
        "run; 0 for none.",
    )


@dataclass(frozen=True, slots=True)
class DemoPaths:
    """The demo's own files inside PULSE_HOME."""

    home: Path

    @property
    def result(self) -> Path:
        """What runs where, written once all is up and synced, removed at the end."""
        return self.home / "demo.json"

    @property
    def organisation(self) -> Path:
        """Which organisation this home mirrors."""
        return self.home / "demo-organisation.json"

    @property
    def unfinished(self) -> Path:
        """There from the choice of the organisation until its first run was ready."""
        return self.home / "demo-unfinished"

    @property
    def users(self) -> Path:
        """The demo's log-ins with their passwords."""
        return self.home / "demo-users.json"

    @property
    def logs(self) -> Path:
        """The output of the simulator and of `pulse up`."""
        return self.home / "logs" / "demo"
