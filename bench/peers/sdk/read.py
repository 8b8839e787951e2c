"""List all deals with the vendor's own Python SDK, build its objects and throw them away.

Arguments: a file with the connection (JSON) and the fields to ask for. Prints what it took, as
JSON. Nothing is stored: this is what reading alone costs with it.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store.file_store import FileStore
from zohocrmsdk.src.com.zoho.api.logger import Logger
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.header_map import HeaderMap
from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
from zohocrmsdk.src.com.zoho.crm.api.parameter_map import ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.record import GetRecordsParam, RecordOperations

TOLD = json.loads(Path(sys.argv[1]).read_text())
FIELDS = sys.argv[2]


def page(token):
    """Return one page of records and the token of the next, if there is one."""
    parameters = ParameterMap()
    parameters.add(GetRecordsParam.fields, FIELDS)
    parameters.add(GetRecordsParam.per_page, 200)
    if token is not None:
        parameters.add(GetRecordsParam.page_token, token)
    answer = RecordOperations("Deals").get_records(parameters, HeaderMap()).get_object()
    return answer.get_data(), answer.get_info().get_next_page_token()


with tempfile.TemporaryDirectory() as folder:
    Initializer.initialize(
        DataCenter.Environment(
            TOLD["api_url"], f"{TOLD['accounts_url']}/oauth/v2/token", TOLD["api_url"]
        ),
        OAuthToken(
            client_id=TOLD["client_id"],
            client_secret=TOLD["client_secret"],
            refresh_token=TOLD["refresh_token"],
        ),
        store=FileStore(str(Path(folder) / "tokens.csv")),
        resource_path=folder,
        logger=Logger.get_instance(level=Logger.Levels.ERROR, file_path=f"{folder}/sdk.log"),
    )
    started = time.perf_counter()
    records, token = page(None)
    count = len(records)
    while token is not None:
        records, token = page(token)
        count += len(records)
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - started, "records": count}))
