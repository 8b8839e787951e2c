"""Other people at work in the CRM: random edits, creations, deletions and restores."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random

from support.simulator import Json, SimulatorHandle

_COPIED = (
    "Deal_Name",
    "Account_Name",
    "Amount",
    "Currency",
    "Stage",
    "Pipeline",
    "Closing_Date",
    "Country",
)
_STAGES = ("Qualification", "Closed Won", "Closed Lost")
_TEXTS = (
    None,
    "x" * 900,
    'tab\t "quotes" \\ back\nline',
    "日本語 ✓ é",
    "\\u0041 \\N 0",
    "null",
    "-1",
)
_MOST_GONE_AT_ONCE = 15  # stays below the brake


@dataclass
class Colleagues:
    """Act on a running simulator through its control plane. `done` counts acts by kind."""

    crm: SimulatorHandle
    rng: Random
    done: Counter[str] = field(default_factory=Counter)
    live: list[str] = field(default_factory=list)
    binned: list[str] = field(default_factory=list)
    _gone_since_settled: int = 0

    def __post_init__(self) -> None:
        self.look_around()

    def look_around(self) -> None:
        """Learn anew what is there; the mirror has caught up."""
        self.live = [row["id"] for row in self.crm.records()]
        self.binned = [row["id"] for row in self.crm.deleted() if row["type"] == "recycle"]
        self._gone_since_settled = 0

    def act(self) -> None:
        """Do one random thing."""
        acts = {
            self.edit_some: 6,
            self.edit_one_often_in_one_second: 4,
            self.create_some: 2,
            self.delete_some: 3,
            self.restore_some: 4,
            self.delete_and_restore_at_once: 2,
            self.create_and_delete_at_once: 1,
            self.purge_one: 1,
        }
        (act,) = self.rng.choices(list(acts), list(acts.values()))
        act()
        self.done[act.__name__.replace("_", " ")] += 1

    def values(self) -> dict[str, Json]:
        """Return new values for some fields."""
        rng = self.rng
        menu: dict[str, Json] = {
            "Deal_Name": f"Deal {rng.randrange(10**6)}",
            "Amount": rng.choice([None, 0, 12.5, round(rng.random() * 1e6, 2), 1e9]),
            "Next_Step": rng.choice(_TEXTS[:1] + _TEXTS[2:]),
            "Description": rng.choice(_TEXTS),
            "Requirements": rng.choice(_TEXTS),
            "Closing_Date": f"2027-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
            "Seats": rng.choice([None, 0, 7]),
            "Strategic_Deal": rng.random() < 0.5,
            "Technologies": rng.choice([None, ["Zero Trust"], ["SAP", "AWS"]]),
            "Stage": rng.choice(_STAGES),
            "Next_Review": rng.choice([None, "2027-01-02T03:04:05+08:00"]),
            "Tag": rng.choice([[], [{"name": "Tender"}], [{"name": "Hot"}]]),
        }
        return {name: menu[name] for name in rng.sample(sorted(menu), rng.randint(1, 4))}

    def some(self, of: list[str], most: int) -> list[str]:
        return self.rng.sample(of, min(len(of), self.rng.randint(1, most)))

    def edit_some(self) -> None:
        self.crm.edit({record_id: self.values() for record_id in self.some(self.live, 12)})

    def edit_one_often_in_one_second(self) -> None:
        self.crm.freeze()
        (record_id,) = self.some(self.live, 1)
        for _ in range(self.rng.randint(2, 5)):
            self.crm.edit({record_id: self.values()})
        self.crm.thaw()

    def create_some(self) -> None:
        self._create(self.rng.randint(1, 4))

    def _create(self, count: int) -> list[str]:
        models = self.crm.records()
        rows = [{name: row[name] for name in _COPIED} for row in self.rng.choices(models, k=count)]
        made = [row["id"] for row in self.crm.create(*rows)]
        self.live += made
        return made

    def _delete(self, ids: list[str]) -> None:
        self.crm.delete(*ids)
        for record_id in ids:
            self.live.remove(record_id)
            self.binned.append(record_id)

    def _restore(self, ids: list[str]) -> None:
        self.crm.restore(*ids)
        for record_id in ids:
            self.binned.remove(record_id)
            self.live.append(record_id)

    def delete_some(self) -> None:
        room = _MOST_GONE_AT_ONCE - self._gone_since_settled
        if room > 0:
            ids = self.some(self.live, min(5, room))
            self._gone_since_settled += len(ids)
            self._delete(ids)

    def restore_some(self) -> None:
        if self.binned:
            self._restore(self.some(self.binned, 5))

    def delete_and_restore_at_once(self) -> None:
        ids = self.some(self.live, 2)
        if self.rng.random() < 0.5:
            self.crm.edit({record_id: self.values() for record_id in ids})
        self._delete(ids)
        self._restore(ids)

    def create_and_delete_at_once(self) -> None:
        self._delete(self._create(1))

    def purge_one(self) -> None:
        if self._gone_since_settled < _MOST_GONE_AT_ONCE:
            (record_id,) = self.some(self.live, 1)
            self._gone_since_settled += 1
            self.live.remove(record_id)
            self.crm.purge(record_id)
