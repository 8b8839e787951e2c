pytest_plugins = ["support.postgres", "support.valkey"]
