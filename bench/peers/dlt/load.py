"""Load all deals with dlt's rest_api source into PostgreSQL; print what it took, as JSON.

Arguments: address of the CRM, access token, database, folder of its socket, fields to ask for, and
the format of dlt's load files.
The configuration below is the best that was found for it: see the benchmark's README.
"""

import json
import resource
import sys
import tempfile
import time

import dlt
from dlt.destinations import postgres
from dlt.sources.rest_api import rest_api_source

CRM, TOKEN, DATABASE, SOCKET, FIELDS, FORMAT = sys.argv[1:7]

CONFIGURATION = {
    "client": {
        "base_url": f"{CRM}/crm/v8/",
        "auth": {
            "type": "api_key",
            "name": "Authorization",
            "api_key": f"Zoho-oauthtoken {TOKEN}",
            "location": "header",
        },
    },
    "resources": [
        {
            "name": "deals",
            "max_table_nesting": 0,
            "write_disposition": "append",
            "primary_key": "id",
            "endpoint": {
                "path": "Deals",
                "params": {"fields": FIELDS, "per_page": 200},
                "data_selector": "data",
                "paginator": {
                    "type": "cursor",
                    "cursor_path": "info.next_page_token",
                    "cursor_param": "page_token",
                },
            },
        }
    ],
}

with tempfile.TemporaryDirectory() as folder:
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        # It wants a host and a password; the folder of the socket takes their place.
        destination=postgres(f"postgresql://postgres:trusted@localhost/{DATABASE}?host={SOCKET}"),
        dataset_name="crm",
        pipelines_dir=folder,
    )
    started = time.perf_counter()
    pipeline.run(rest_api_source(CONFIGURATION), loader_file_format=FORMAT)
    seconds = time.perf_counter() - started
    with pipeline.sql_client() as client:
        [(records,)] = client.execute_sql("SELECT count(*) FROM deals")
used = resource.getrusage(resource.RUSAGE_SELF)
sys.stdout.write(
    json.dumps(
        {
            "seconds": seconds,
            "cpu_s": used.ru_utime + used.ru_stime,
            "records": records,
            "configuration": CONFIGURATION["resources"],
            "loader_file_format": FORMAT,
        }
    )
)
