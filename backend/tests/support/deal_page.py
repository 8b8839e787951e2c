"""A deal of a running simulator, edited as colleagues would, and its page as the API gives it."""

from dataclasses import dataclass
from datetime import datetime

from support.simulator import Json
from support.synced import Synced

DEAL_ANSWER = dict[str, Json]


@dataclass
class DealPage:
    """One deal on both sides."""

    product: Synced
    deal_id: str

    @classmethod
    def of_new_deal(cls, product: Synced, **values: object) -> "DealPage":
        """Create a deal in the CRM and bring it into the mirror."""
        template = {
            name: value
            for name, value in product.crm.records()[0].items()
            if name in {"Deal_Name", "Closing_Date", "Pipeline", "Account_Name"}
        }
        [made] = product.crm.create({**template, "Stage": "Qualification", **values})
        page = cls(product, made["id"])
        page.pull()
        return page

    def pull(self) -> None:
        """Let a quick sync bring what changed; the CRM's clock moves on first."""
        self.product.crm.advance(5)
        ended = self.product.sync("incremental")
        assert ended["session"]["status"] == "completed"  # type: ignore[index] # an answer's JSON

    def edit(self, by: str | None = None, **values: object) -> None:
        """Edit the deal in the CRM, as somebody."""
        self.product.crm.control(
            "POST",
            "/modules/Deals/records/edit",
            {"edits": [{"id": self.deal_id, "values": values}], "by": by},
        )

    def act(self, action: str, by: str | None = None) -> None:
        """Delete, restore, hide or unhide the deal in the CRM."""
        self.product.crm.control(
            "POST", f"/modules/Deals/records/{action}", {"ids": [self.deal_id], "by": by}
        )

    def colleague(self, place: int = 2) -> dict[str, str]:
        """Return somebody of the organisation, as `{id, name}`."""
        crm = self.product.crm
        headers = {"Authorization": f"Zoho-oauthtoken {crm.access_token()}"}
        users = crm.request("GET", "/crm/v8/users", headers=headers).json()["users"]
        return {"id": users[place]["id"], "name": users[place]["full_name"]}

    def stamp(self) -> datetime:
        """Return when the CRM says that the deal was modified last."""
        [row] = [each for each in self.product.crm.records() if each["id"] == self.deal_id]
        return datetime.fromisoformat(row["Modified_Time"])

    def read(self) -> DEAL_ANSWER:
        """Return the deal's page."""
        answer = self.product.api.client.get(f"/api/deals/{self.deal_id}")
        assert answer.status_code == 200, answer.text
        body: DEAL_ANSWER = answer.json()
        return body

    def field(self, api_name: str) -> Json:
        """Return one field of the page."""
        [found] = [each for each in self.read()["fields"] if each["api_name"] == api_name]
        return found

    def timeline(self, **params: str | int) -> Json:
        """Return a part of the deal's history."""
        answer = self.product.api.client.get(f"/api/deals/{self.deal_id}/timeline", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def entries(self, kind: str = "changes") -> list[Json]:
        """Return the newest entries of a kind."""
        return list(self.timeline(kind=kind)["items"])


def told(entry: Json) -> list[tuple[str, Json, Json]]:
    """Return an entry's changes as (label, old, new), in order of label."""
    return sorted((each["label"], each["old"], each["new"]) for each in entry["changes"])
