"""The Sync Status Monitor: health over a range, records by status, history of sessions."""
