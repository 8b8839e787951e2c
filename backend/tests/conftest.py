pytest_plugins = ["support.api", "support.postgres", "support.stacks", "support.synced", "support.valkey"]
