import pytest

from pulse.deals.crm_link import link


@pytest.mark.parametrize(
    ("accounts_url", "host"),
    [
        ("https://accounts.zoho.in", "crm.zoho.in"),
        ("https://accounts.zoho.com.au/", "crm.zoho.com.au"),
        ("https://accounts.zohocloud.ca", "crm.zohocloud.ca"),
    ],
)
def test_a_data_centre_of_zohos_has_its_crm_beside_its_accounts(
    accounts_url: str, host: str
) -> None:
    assert link(accounts_url, "60001", 17) == f"https://{host}/crm/org60001/tab/Potentials/17"


@pytest.mark.parametrize(
    ("accounts_url", "number"),
    [
        ("http://127.0.0.1:8090", "60001"),
        ("https://accounts.zoho.in.evil.example", "60001"),
        ("https://accounts.zoho.in", None),
        ("https://accounts.zoho.in", "60001/../x"),
    ],
)
def test_no_link_is_made_up(accounts_url: str, number: str | None) -> None:
    assert link(accounts_url, number, 17) is None
